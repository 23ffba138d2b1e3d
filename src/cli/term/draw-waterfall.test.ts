import fc from "fast-check";
import { expect, it } from "vitest";
import { drawWaterfall } from "./draw-waterfall.ts";
import { widthOf } from "./fit-text.ts";
import { makeStyle, type State, type StyleOptions, states } from "./style.ts";
import type { WaterfallRow } from "./waterfall-rows.ts";

const start = 1_700_000_000_000;

function aRow(label: string, ...times: [startMs: number, endMs: number][]): WaterfallRow {
  const [, prefix, name, operation = ""] = /^([^\w]*)(\S+)(?: (.*))?$/.exec(label)!;
  return {
    prefix: prefix!,
    name: name!,
    operation,
    durationMs: times.reduce((sum, [from, to]) => sum + to - from, 0),
    state: "ok",
    inProgress: false,
    stretches: times.map(([from, to]) => ({ startMs: start + from, endMs: start + to })),
  };
}

const rows: WaterfallRow[] = [
  aRow("call-cli", [0, 412]),
  { ...aRow("└ web GET /checkout", [2, 410]), state: "fault" },
  aRow("  ├ redis GET session:42", [4, 12]),
  { ...aRow("  └ checkout POST /charge", [14, 315]), state: "fault" },
  aRow("    ├ DynamoDB PutItem orders", [16, 60]),
  aRow("    ├ 12×DynamoDB GetItem orders", [60, 63], [64, 67], [70, 74], [90, 95]),
  { ...aRow("    └ stripe.com POST /v1/charges", [100, 310]), state: "error" },
];

const drawn = (options?: StyleOptions): string => `\n${drawWaterfall(rows, makeStyle(options)).join("\n")}\n`;

it("bars show when each part ran, on one axis", () => {
  expect(drawn()).toMatchInlineSnapshot(`
    "
    Waterfall                                      0       100     200     300 ms
      call-cli                           412 ms ●  █████████████████████████████████
      └ web GET /checkout                408 ms ✖  ████████████████████████████████▉
        ├ redis GET session:42             8 ms ●  ▋
        └ checkout POST /charge          301 ms ✖   ████████████████████████▎
          ├ DynamoDB PutItem orders       44 ms ●   ▐██▊
          ├ 12×DynamoDB GetItem orders    15 ms ●       ▉ ▍
          └ stripe.com POST /v1/charges  210 ms ▲          ████████████████▉
    "
  `);
});

it("a narrow terminal cuts what was asked, not when it ran", () => {
  expect(drawn({ columns: 60 })).toMatchInlineSnapshot(`
    "
    Waterfall                              0         200 ms
      call-cli                   412 ms ●  █████████████████████
      └ web GET /checkout        408 ms ✖  ████████████████████▉
        ├ redis GET session:42     8 ms ●  ▍
        └ checkout POST /charge  301 ms ✖  ▐███████████████
          ├ DynamoDB PutItem o…   44 ms ●   ██
          ├ 12×DynamoDB GetIte…   15 ms ●     ▊▐
          └ stripe.com POST /v…  210 ms ▲       ██████████▊
    "
  `);
});

it("a wide terminal has finer bars", () => {
  expect(drawn({ columns: 120 })).toMatchInlineSnapshot(`
    "
    Waterfall                                      0       50       100      150      200      250      300      350 ms
      call-cli                           412 ms ●  █████████████████████████████████████████████████████████████████████████
      └ web GET /checkout                408 ms ✖  ▐███████████████████████████████████████████████████████████████████████▋
        ├ redis GET session:42             8 ms ●  ▐█▏
        └ checkout POST /charge          301 ms ✖    ▐████████████████████████████████████████████████████▉
          ├ DynamoDB PutItem orders       44 ms ●     ███████▋
          ├ 12×DynamoDB GetItem orders    15 ms ●            ▐▉▐▏  ▉
          └ stripe.com POST /v1/charges  210 ms ▲                   ▐████████████████████████████████████▉
    "
  `);
});

it("a very wide terminal has room for a close axis", () => {
  expect(drawWaterfall(rows.slice(0, 2), makeStyle({ columns: 200 })).join("\n")).toMatchInlineSnapshot(`
    "Waterfall                        0       20      40      60      80      100     120     140     160     180      200     220     240     260     280     300     320     340     360      380 ms
      call-cli             412 ms ●  ███████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████
      └ web GET /checkout  408 ms ✖   █████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████▎"
  `);
});

it("without Unicode bars are of number signs", () => {
  expect(drawn({ ascii: true })).toMatchInlineSnapshot(`
    "
    Waterfall                                      0       100     200     300 ms
      call-cli                           412 ms o  #################################
      └ web GET /checkout                408 ms x  #################################
        ├ redis GET session:42             8 ms o  #
        └ checkout POST /charge          301 ms x   ########################:
          ├ DynamoDB PutItem orders       44 ms o   ####
          ├ 12×DynamoDB GetItem orders    15 ms o       # :
          └ stripe.com POST /v1/charges  210 ms !          #################
    "
  `);
});

it("what still runs is shaded to the end, its time open", () => {
  const running = [aRow("web", [0, 3_000]), { ...aRow("└ job", [1_000, 3_000]), inProgress: true }];
  expect(`\n${drawWaterfall(running, makeStyle()).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    Waterfall        0         0.5        1         1.5        2         2.5 s
      web     3 s ●  ███████████████████████████████████████████████████████████████
      └ job  2 s+ ●                       ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
    "
  `);
});

it("a trace that took no time has its rows all the same", () => {
  expect(`\n${drawWaterfall([aRow("web", [0, 0])], makeStyle()).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    Waterfall      0           0.0002       0.0004        0.0006      0.0008 ms
      web  0 ms ●  ▏
    "
  `);
});

it.each([40, 60, 80, 120, 200])("no line is wider than %i columns", (columns) => {
  const anyRow = fc.record({
    prefix: fc.constantFrom("", "├ ", "│ │ └ ", "  ".repeat(30)),
    name: fc.stringMatching(/^[a-z漢é]{1,60}$/),
    operation: fc.stringMatching(/^[A-Z /漢]{0,80}$/),
    durationMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
    state: fc.constantFrom<State>(...states),
    inProgress: fc.boolean(),
    stretches: fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 1e7 }), fc.integer({ min: 0, max: 1e7 }))
        .map(([from, length]) => ({ startMs: from, endMs: from + length })),
      { minLength: 1, maxLength: 5 },
    ),
  });
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 6 }), fc.boolean(), (some, ascii) => {
      for (const line of drawWaterfall(some, makeStyle({ columns, ascii })))
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }),
  );
});
