import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { noBrowserReason, openChromium } from "./console-browser.ts";

/** One Chromium for all tests of a file, to be asked for within them; where there is none, they are skipped and say why. */
export function chromiumForTests(): () => Browser {
  const reason = noBrowserReason();
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (reason === undefined) browser = await openChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(({ skip }) => {
    if (reason !== undefined) skip(reason);
  });
  return () => browser!;
}
