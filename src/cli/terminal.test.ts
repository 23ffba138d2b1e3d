import { expect, it } from "vitest";
import { durationSeconds } from "./common-options.ts";
import { nearest } from "./nearest.ts";
import { speaksUtf8, takesLinks, wantsColour } from "./terminal.ts";

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ FORCE_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ TERM: "dumb" }, true, false],
])("with %j and a terminal %s, colours are %s", (environment, isTty, expected) => {
  expect(wantsColour(environment, isTty)).toBe(expected);
});

it.each([
  [{ LANG: "en_US.UTF-8" }, "linux", true],
  [{ LANG: "C.utf8" }, "linux", true],
  [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, "linux", false],
  [{ LC_CTYPE: "UTF-8", LANG: "C" }, "darwin", true],
  [{}, "linux", false],
  [{}, "win32", true],
])("with %j on %s, the terminal speaks UTF-8: %s", (environment, platform, expected) => {
  expect(speaksUtf8(environment, platform)).toBe(expected);
});

it.each([
  [{ TERM_PROGRAM: "iTerm.app" }, true, true],
  [{ TERM_PROGRAM: "iTerm.app" }, false, false],
  [{ TERM_PROGRAM: "Apple_Terminal" }, true, false],
  [{ VTE_VERSION: "7600", TERM: "xterm-256color" }, true, true],
  [{ VTE_VERSION: "4600" }, true, false],
  [{ WT_SESSION: "x", TMUX: "/run/tmux" }, true, false],
  [{ TERM: "dumb", VTE_VERSION: "7600" }, true, false],
  [{ FORCE_HYPERLINK: "1" }, false, true],
  [{ FORCE_HYPERLINK: "0", TERM: "xterm-kitty" }, true, false],
])("with %j and a terminal %s, it takes links: %s", (environment, isTty, expected) => {
  expect(takesLinks(environment, isTty)).toBe(expected);
});

it("a misspelled word is recognised, another one is not", () => {
  const known = ["--endpoint", "--since", "--limit"];
  expect(nearest("--endpont", known)).toBe("--endpoint");
  expect(nearest("--colour", known)).toBeUndefined();
});

it("durations have a unit", () => {
  expect(["90s", "15m", "6h", "1.5d"].map(durationSeconds)).toEqual([90, 900, 21_600, 129_600]);
  expect(() => durationSeconds("soon")).toThrow('"soon" is no duration. Write it as 90s, 15m, 6h or 2d.');
});
