import { expect, it } from "vitest";
import { distrust, isLoopback } from "./trust-caller.ts";

const isLet = (headers: { host?: string; origin?: string }, configured = "127.0.0.1"): boolean =>
  distrust(headers, configured) === undefined;

it.each([
  ["127.0.0.1:2000", true],
  ["127.0.0.1", true],
  ["localhost:2000", true],
  ["LOCALHOST:2000", true],
  ["fluoroscope.localhost:2000", true],
  ["[::1]:2000", true],
  ["127.1.2.3:2000", true],
  ["host.docker.internal:2000", true],
  ["evil.example:2000", false],
  ["127.0.0.1.evil.example:2000", false],
  ["localhost.evil.example", false],
  ["10.0.0.5:2000", false],
  ["xray:2000", false],
  ["", false],
])("on loopback, Host %s: %s", (host, expected) => {
  expect(isLet({ host })).toBe(expected);
});

it.each([
  ["10.0.0.5:2000", true],
  ["[fd00::1]:2000", true],
  ["xray:2000", true],
  ["localhost:2000", true],
  ["[fe80::1%eth0]:2000", true],
  ["evil.example:2000", false],
  ["bad.example:x", false],
])("on all addresses, Host %s: %s", (host, expected) => {
  expect(isLet({ host }, "0.0.0.0")).toBe(expected);
});

it("the configured name is ours", () => {
  expect(isLet({ host: "traces.example.com:2000" }, "traces.example.com")).toBe(true);
});

it("a client that sends no Host is no browser", () => {
  expect(isLet({})).toBe(true);
});

it.each([
  ["http://127.0.0.1:2000", true],
  ["https://127.0.0.1:2000", true],
  ["http://127.0.0.1:3000", false],
  ["http://localhost:2000", false],
  ["http://evil.example", false],
  ["null", false],
  ["", false],
])("Origin %s at 127.0.0.1:2000: %s", (origin, expected) => {
  expect(isLet({ host: "127.0.0.1:2000", origin })).toBe(expected);
});

it("only this machine's own names are loopback", () => {
  expect(["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"].every(isLoopback)).toBe(true);
  expect(["0.0.0.0", "::", "10.0.0.1", "example.com", "127.0.0.1.example.com", ""].some(isLoopback)).toBe(false);
});
