import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { bar } from "./bar.ts";
import { cleanText } from "./clean-text.ts";
import { cut, cutMiddle, spread, widthOf, wrap } from "./fit-text.ts";
import { count, duration, percent, shortDuration, size } from "./format.ts";
import { makeStyle } from "./style.ts";
import { drawTable } from "./table.ts";

const { glyphs } = makeStyle();
const { glyphs: plainGlyphs } = makeStyle({ ascii: true });

describe("text from elsewhere", () => {
  it.each([
    ["escape sequences", "\u001b[31mred\u001b]0;title\u0007", "␛[31mred␛]0;title␇"],
    ["C1 controls", "a\u009b31mb", "a\ufffd31mb"],
    ["a turned reading direction", "abc\u202egpj.exe", "abc\ufffdgpj.exe"],
    ["invisible characters", "ad\u200bmin\ufeff", "ad\ufffdmin\ufffd"],
    ["line breaks and tabs", "a\r\nb\tc\u2028d", "a  b c\ufffdd"],
    ["carriage returns that would overwrite", "ok\rno", "ok no"],
  ])("loses the power of %s", (_, hostile, shown) => {
    expect(cleanText(hostile, glyphs)).toBe(shown);
  });

  it("keeps letters of all languages, or marks them where the terminal knows only ASCII", () => {
    expect(cleanText("bücher 漢字", glyphs)).toBe("bücher 漢字");
    expect(cleanText("bücher 漢字 \u001b", plainGlyphs)).toBe("b?cher ?? ?");
  });
});

describe("fitting", () => {
  it("counts columns, not characters", () => {
    expect(widthOf("漢字")).toBe(4);
    expect(widthOf("\u001b[31mred\u001b[39m")).toBe(3);
  });

  it("knows without asking that what is drawn with takes one column", () => {
    const { lines, eighths, levels, marks, ...others } = glyphs;
    const drawn = [...lines, ...eighths, ...levels, ...Object.values(marks), ...Object.values(others)];
    const texts = drawn.filter((each) => typeof each === "string");
    expect(texts.map(widthOf)).toEqual(texts.map((text) => text.length));
    expect(texts.map((text) => stringWidth(text))).toEqual(texts.map((text) => text.length));
  });

  it("cuts with an ellipsis, never through a wide character", () => {
    expect(cut("storefront", 7, glyphs)).toBe("storef…");
    expect(cut("漢字漢字", 6, glyphs)).toBe("漢字…");
    expect(cut("storefront", 10, glyphs)).toBe("storefront");
    expect(cut("storefront", 0, glyphs)).toBe("");
  });

  it("cuts a URL where it says least", () => {
    expect(cutMiddle("GET http://127.0.0.1:3000/a/very/long/path/to/orders", 30, glyphs)).toBe(
      "GET http://127.0.0.1…to/orders",
    );
  });

  it("puts two texts at both ends", () => {
    expect(spread("a", "b", 5)).toBe("a   b");
    expect(spread("aaa", "bbb", 5)).toBe("aaa  bbb");
  });

  it("breaks lines between words, and words where it must", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("incomprehensible", 6)).toEqual(["incomp", "rehens", "ible"]);
    expect(wrap("", 6)).toEqual([]);
  });
});

it("durations have three figures at most", () => {
  const shown = [0, 0.04, 0.42, 9.94, 9.96, 41.5, 999.4, 999.6, 1_234, 12_340, 59_960, 900_000, 5_400_000].map(
    duration,
  );
  expect(shown.join(" | ")).toBe(
    "0 ms | 0 ms | 0.4 ms | 9.9 ms | 10 ms | 42 ms | 999 ms | 1 s | 1.23 s | 12.3 s | 1 min | 15 min | 1 h 30 min",
  );
  expect([0.4, 12.6, 1_250, 90_000, 7_200_000].map(shortDuration).join(" ")).toBe("0.4ms 13ms 1.3s 2m 2h");
});

it("sizes, counts and shares are for people", () => {
  expect([0, 999, 1_000, 1_450, 23_400_000].map(size)).toEqual(["0 B", "999 B", "1 kB", "1.4 kB", "23 MB"]);
  expect([count(1, "call"), count(12_345, "call")]).toEqual(["1 call", "12,345 calls"]);
  expect([0, 0.004, 0.51, 1].map(percent)).toEqual(["0 %", "0.4 %", "51 %", "100 %"]);
});

describe("a bar", () => {
  it.each([
    ["whole cells", [[1, 3]], " ██  "],
    ["eighths at its end", [[0, 2.5]], "██▌  "],
    ["a half at its start", [[1.5, 3]], " ▐█  "],
    ["something however short", [[2.1, 2.1]], "  ▏  "],
    ["something on the border of two cells", [[1.9, 2.05]], "  ▏  "],
    ["something at its very end", [[5, 5]], "    ▏"],
    [
      "one stretch for those that touch",
      [
        [0, 1.3],
        [1.35, 3],
      ],
      "███  ",
    ],
    [
      "gaps",
      [
        [0, 1],
        [3, 4],
      ],
      "█  █ ",
    ],
  ] as [string, [number, number][], string][])("shows %s", (_, stretches, shown) => {
    const cells = stretches.map(([start, end]) => ({ start, end }));
    expect(bar(cells, 5, glyphs)).toBe(shown);
  });
});

it("a table fits its columns to the terminal, the flexible ones first", () => {
  const rows = [
    { code: "MissingName", why: "a segment without a name, which is longer than there is room for" },
    { code: "InvalidJson", why: "no JSON" },
  ];
  const columns = [
    { title: "code", text: (row: (typeof rows)[number]) => row.code },
    { title: "why", text: (row: (typeof rows)[number]) => row.why, isFlexible: true },
  ];
  expect(`\n${drawTable(columns, rows, makeStyle({ columns: 40 })).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    code         why
    MissingName  a segment without a name, …
    InvalidJson  no JSON
    "
  `);
});
