import { expect, it } from "vitest";
import { ourChoices, readAwsChoices } from "./aws-choices.ts";

it("what is not chosen stays ours", () => {
  expect(readAwsChoices("")).toEqual(ourChoices);
  expect(readAwsChoices("textCase=ignore, summaryPage = 30")).toEqual({
    ...ourChoices,
    textCase: "ignore",
    summaryPage: "30",
  });
});

it.each(["textCase", "textCase=", "textCase=maybe", "other=1", "constructor=1", "textCase:ignore"])(
  "%s is no choice",
  (text) => {
    expect(readAwsChoices(text)).toBeUndefined();
  },
);
