import fc from "fast-check";
import { expect, it } from "vitest";
import { type GoFlag, readGoFlags } from "./go-flags.ts";

const flags: readonly GoFlag[] = [
  { names: ["region", "n"], kind: "text" },
  { names: ["buffer-memory", "m"], kind: "number" },
  { names: ["local-mode", "o"], kind: "switch" },
];

/** Values by first name, or the mistake, or "help". */
function reading(...words: string[]): unknown {
  const read = readGoFlags(words, flags);
  if (read.kind === "values") return Object.fromEntries(read.values);
  return read.kind === "mistake" ? read.message : read.kind;
}

it.each([
  [["-n", "x"], { region: ["x"] }],
  [["--n", "x"], { region: ["x"] }],
  [["-n=x"], { region: ["x"] }],
  [["-region", "x"], { region: ["x"] }],
  [["--region=x"], { region: ["x"] }],
  [["--region="], { region: [""] }],
  [["--region", ""], { region: [""] }],
  [["-n", "-o"], { region: ["-o"] }],
  [["-n", "a=b"], { region: ["a=b"] }],
  [["-n=a=b"], { region: ["a=b"] }],
  [["-n", "a", "--region", "b"], { region: ["a", "b"] }],
  [["-o"], { "local-mode": ["true"] }],
  [["-o=false"], { "local-mode": ["false"] }],
  [["--local-mode=T"], { "local-mode": ["true"] }],
  [["-o=0"], { "local-mode": ["false"] }],
  [[], {}],
])("%j is read as Go reads it", (words, values) => {
  expect(reading(...words)).toEqual(values);
});

it.each([
  [["-o", "false", "-n", "x"], { "local-mode": ["true"] }],
  [["run", "-n", "x"], {}],
  [["-n", "x", "--", "-o"], { region: ["x"] }],
  [["-n", "x", "-", "-o"], { region: ["x"] }],
  [["-n", "x", "", "-o"], { region: ["x"] }],
])("of %j nothing is read from the first word on that is no flag", (words, values) => {
  expect(reading(...words)).toEqual(values);
});

it.each([
  ["17", "17"],
  ["-5", "-5"],
  ["+5", "5"],
  ["0x10", "16"],
  ["0b101", "5"],
  ["0o17", "15"],
  ["017", "15"],
  ["1_000", "1000"],
  ["0", "0"],
  ["-0x10", "-16"],
])("the number %s is %s", (text, value) => {
  expect(reading("-m", text)).toEqual({ "buffer-memory": [value] });
});

it.each(["x", "", "1.5", "1e3", "09", "1__0", "_1", "1_", "0x", "９", "9223372036854775808", " 1"])(
  "%j is no number",
  (text) => {
    expect(reading("-m", text)).toBe(`invalid value ${JSON.stringify(text)} for flag -m: parse error`);
  },
);

it.each([
  [["--zz"], "flag provided but not defined: -zz"],
  [["-zz=1"], "flag provided but not defined: -zz"],
  [["-n"], "flag needs an argument: -n"],
  [["--region"], "flag needs an argument: -region"],
  [["-o=perhaps"], 'invalid boolean value "perhaps" for -o: parse error'],
  [["-o=yes"], 'invalid boolean value "yes" for -o: parse error'],
  [["---n"], "bad flag syntax: ---n"],
  [["-=x"], "bad flag syntax: -=x"],
  [["--=x"], "bad flag syntax: --=x"],
])("%j is a mistake in Go's words", (words, message) => {
  expect(reading(...words)).toBe(message);
});

it.each(["-h", "--h", "-help", "--help", "-h=1"])("%s asks for help where nobody defines it", (word) => {
  expect(reading("-n", "x", word, "--zz")).toBe("help");
});

it("no words make it throw", () => {
  const word = fc.oneof(
    fc.string(),
    fc.string().map((text) => `-${text}`),
    fc.constantFrom("-n", "-m", "-o", "--", "-m=1"),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(["values", "help", "mistake"]).toContain(readGoFlags(words, flags).kind);
    }),
  );
});
