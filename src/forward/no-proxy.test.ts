import { expect, it } from "vitest";
import { bypassesProxy } from "./no-proxy.ts";

const https = "https://xray.eu-central-1.amazonaws.com/TraceSegments";

it.each([
  ["*", https],
  ["other.test, *", https],
  ["amazonaws.com", https],
  [".amazonaws.com", https],
  ["*.amazonaws.com", https],
  ["XRAY.eu-central-1.AmazonAWS.com", https],
  ["xray.eu-central-1.amazonaws.com:443", https],
  ["one.test two.test amazonaws.com", https],
  ["127.0.0.1", "http://127.0.0.1:2000/"],
  ["127.0.0.1:2000", "http://127.0.0.1:2000/"],
  ["localhost", "http://localhost:2000/"],
  ["10.0.0.0/8", "http://10.1.2.3/"],
  ["10.0.0.0/8:80", "http://10.1.2.3/"],
  ["::1", "http://[::1]:2000/"],
  ["[::1]:2000", "http://[::1]:2000/"],
  ["fd00::/8", "https://[fd12:3456::1]/"],
  ["example.com", "https://example.com./"],
])("%s spares %s the proxy", (noProxy, url) => {
  expect(bypassesProxy(new URL(url), noProxy)).toBe(true);
});

it.each([
  [undefined, https],
  ["", https],
  [" , ", https],
  ["aws.com", https],
  [".xray.eu-central-1.amazonaws.com", https],
  ["xray.eu-central-1.amazonaws.com:80", https],
  ["amazonaws.com:8443", https],
  ["10.0.0.0/8", "http://11.1.2.3/"],
  ["10.0.0.0/8", "http://ten.test/"],
  ["10.0.0.0/8:8080", "http://10.1.2.3/"],
  ["10.0.0.0/33", "http://10.1.2.3/"],
  ["10.0.0.0/8", "http://[fd12:3456::1]/"],
  ["127.0.0.1", "http://127.0.0.11/"],
  ["0.0.1", "http://127.0.0.1/"],
  ["[::1]:2001", "http://[::1]:2000/"],
])("%s does not spare %s the proxy", (noProxy, url) => {
  expect(bypassesProxy(new URL(url), noProxy)).toBe(false);
});
