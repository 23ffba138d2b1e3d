import { expect, it } from "vitest";
import { bindError } from "./bind-error.ts";

const failing = (code: string): Error => Object.assign(new Error(`bind ${code}`), { code });

it.each([
  ["up", "udp", "EADDRINUSE", "127.0.0.1", "take another port: --port 2001."],
  ["daemon", "udp", "EADDRINUSE", "127.0.0.1", "take another port: -b 127.0.0.1:2001."],
  ["daemon", "tcp", "EADDRINUSE", "::1", "take another port: -t [::1]:2001."],
  ["daemon", "tcp", "EADDRINUSE", "", "TCP port 2000 on all addresses is in use by"],
  ["up", "tcp", "EACCES", "127.0.0.1", "take a higher one with --port."],
  ["daemon", "udp", "EACCES", "127.0.0.1", "take a higher one with -b."],
  ["up", "udp", "EADDRNOTAVAIL", "203.0.113.1", "check --host and --port."],
  ["daemon", "tcp", "EADDRNOTAVAIL", "203.0.113.1", "check -t."],
] as const)("%s, %s, %s on %j: %s", (command, transport, code, host, words) => {
  expect(bindError(failing(code), transport, host, 2000, command).message).toContain(words);
});
