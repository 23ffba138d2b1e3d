import { expect, it } from "vitest";
import { matchesWildcard } from "../../src/xray/wildcard.ts";

const cases: readonly [id: string, pattern: string, text: string, matches: boolean][] = [
  ["C-01", "*", "anything", true],
  ["C-02", "*", "", true],
  ["C-03", "", "", true],
  ["C-04", "", "x", false],
  ["C-05", "?", "a", true],
  ["C-06", "?", "", false],
  ["C-07", "/api/*", "/api/v1/x", true],
  ["C-08", "/api/*", "/api", false],
  ["C-09", "*/health", "/v1/health", true],
  ["C-10", "*/health", "/health/x", false],
  ["C-11", "a*b*c", "axxbyyc", true],
  ["C-12", "a*b*c", "axxbyy", false],
  ["C-13", "GET", "get", true],
  ["C-14", "GeT", "PUT", false],
  ["C-15", "???", "abc", true],
  ["C-16", "???", "ab", false],
  ["C-17", "a?c*", "abcdef", true],
  ["C-18", "*.example.com", "www.EXAMPLE.com", true],
  ["C-19", "*.example.com", "example.com", false],
  ["C-20", "a**b", "ab", true],
  ["C-21", "*?", "a", true],
  ["C-22", "*?", "", false],
  ["C-23", "/x?y", "/x?y", true],
  ["C-24", "/x[1]", "/x1", false],
  ["C-25", "/a.b", "/aXb", false],
  ["C-26", "é*", "É1", true],
];

it.each(cases)("%s: whether %j fits %j is %j", (_, pattern, text, matches) => {
  expect(matchesWildcard(pattern, text)).toBe(matches);
});
