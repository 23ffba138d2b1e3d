import { expect, it } from "vitest";
import type { Phase } from "../../call/phases.ts";
import { drawPhases } from "./draw-phases.ts";
import { makeStyle, type StyleOptions } from "./style.ts";

const marks = [0, 0.4, 1.5, 24, 398, 412];
const names = ["DNS", "connect", "TLS", "wait", "download"] as const;
const phases: Phase[] = names.map((name, index) => ({ name, startMs: marks[index]!, endMs: marks[index + 1]! }));
const drawn = (some: readonly Phase[], options?: StyleOptions): string =>
  `\n${drawPhases(some, makeStyle(options)).join("\n")}\n`;

it("phases stand side by side over bars of one scale", () => {
  expect(drawn(phases, { columns: 120 })).toMatchInlineSnapshot(`
    "
      DNS 0.4 ms  connect 1.1 ms  TLS 23 ms    wait 374 ms                                               download 14 ms
      ▏           ▏               ██▊          █████████████████████████████████████████████▍            █▊
    "
  `);
  expect(drawn(phases.slice(3))).toMatchInlineSnapshot(`
    "
      wait 374 ms                                                 download 14 ms
      ███████████████████████████████████████████████▎            █▊
    "
  `);
});

it("where there is no room they stand below one another", () => {
  expect(drawn(phases, { columns: 60 })).toMatchInlineSnapshot(`
    "
      DNS       0.4 ms  ▏
      connect   1.1 ms  ▏
      TLS        23 ms  ██▍
      wait      374 ms    ▐███████████████████████████████████▋
      download   14 ms                                        ▐█
    "
  `);
  expect(drawn(phases)).toMatchInlineSnapshot(`
    "
      DNS       0.4 ms  ▏
      connect   1.1 ms  ▏
      TLS        23 ms  ███▌
      wait      374 ms     ▐██████████████████████████████████████████████████████
      download   14 ms                                                            ██
    "
  `);
});

it("without Unicode the bars are plain", () => {
  expect(drawn(phases, { columns: 60, ascii: true })).toMatchInlineSnapshot(`
    "
      DNS       0.4 ms  .
      connect   1.1 ms  .
      TLS        23 ms  ##:
      wait      374 ms    #####################################
      download   14 ms                                        ##
    "
  `);
});

it("no phases, no lines", () => {
  expect(drawPhases([], makeStyle())).toEqual([]);
});
