import { expect, it } from "vitest";
import { FairShare } from "./fair-share.ts";

it("one holder has three quarters at most, and others what is left", () => {
  const share = new FairShare(8);
  const taken = Array.from({ length: 8 }, () => share.take("10.0.0.1"));
  expect(taken.filter(Boolean)).toHaveLength(6);
  expect(share.take("10.0.0.2")).toBeDefined();
});

it("a place that is given back, twice too, is one place", () => {
  const share = new FairShare(1);
  const leave = share.take("::1");
  expect(share.take("::1")).toBeUndefined();
  leave?.();
  leave?.();
  expect(share.take("::1")).toBeDefined();
  expect(share.take("::1")).toBeUndefined();
});

it("an address is the same however it is written, and one network of IPv6 is one holder", () => {
  const share = new FairShare(1);
  expect(share.take("::ffff:10.0.0.1")).toBeDefined();
  expect(share.take("10.0.0.1")).toBeUndefined();
  expect(share.take("2001:db8:1:2:aaaa::1")).toBeDefined();
  expect(share.take("2001:db8:1:2:bbbb:1:2:3")).toBeUndefined();
  expect(share.take("2001:db8:1:3:aaaa::1")).toBeDefined();
});
