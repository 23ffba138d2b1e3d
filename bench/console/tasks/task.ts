import type { Page } from "playwright-core";
import type { Step } from "./jaeger-steps.ts";
import type { Shop } from "./shop.ts";

/** Something that somebody wants to know or to have, done in the console and, by its source, in Jaeger. */
export interface Task {
  readonly name: string;
  /** From the first page of a fresh browser: mouse and keyboard alone. Resolves when the answer can be seen. */
  readonly run: (page: Page, shop: Shop) => Promise<void>;
  readonly jaeger: readonly Step[];
  /** What Jaeger does not answer even so. */
  readonly lacks?: string;
}
