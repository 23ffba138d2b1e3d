import type { BrowserContext } from "playwright-core";

/** What a person did with mouse and keyboard. */
export interface InputCount {
  readonly clicks: number;
  readonly keys: number;
}

/**
 * Counts what really arrives in every page of a context: presses of a mouse's button, and of keys that are more than a
 * modifier. Input that a script makes up in the page is not trusted by the browser, and not counted; the counters are on this
 * side, so neither a reload nor the page can change them.
 */
export async function countInput(context: BrowserContext): Promise<() => InputCount> {
  const counts = { clicks: 0, keys: 0 };
  await context.exposeBinding("countInput", (_source, kind: keyof InputCount) => {
    counts[kind] += 1;
  });
  await context.addInitScript(() => {
    const { countInput } = window as unknown as { countInput: (kind: string) => void };
    const modifiers = ["Control", "Shift", "Alt", "Meta"];
    window.addEventListener("pointerdown", ({ isTrusted }) => isTrusted && countInput("clicks"), { capture: true });
    window.addEventListener(
      "keydown",
      ({ isTrusted, key }) => isTrusted && !modifiers.includes(key) && countInput("keys"),
      { capture: true },
    );
  });
  return () => ({ ...counts });
}
