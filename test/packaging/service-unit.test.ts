import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { daemonSettings } from "../../src/daemon/daemon-config.ts";
import { root, whyNoTool } from "./built-packages.ts";
import { allowedSystemCalls, directive, directives, unitPath } from "./service-unit.ts";

describe("the service's unit", () => {
  let reason: string | undefined;
  beforeAll(async () => {
    reason = await whyNoTool("systemd-analyze");
  });

  it("exposes the machine no more than a score of 1.7 of 10", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const words = ["security", "--offline=true", "--threshold=17", "--no-pager", unitPath];
    // Fails, with its whole table, above the threshold.
    expect(execFileSync("systemd-analyze", words, { encoding: "utf8", stdio: "pipe" })).toMatch(
      /exposure level.*: 1\.\d/,
    );
  });

  it("leaves out what only a superuser may ask for, and what Node's compiler needs stays", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const allowed = allowedSystemCalls();
    expect(allowed).toEqual(expect.arrayContaining(["mprotect", "pkey_mprotect", "recvmmsg", "clone3", "fsync"]));
    expect(
      allowed.filter((call) => ["mount", "setuid", "ptrace", "bpf", "init_module", "chroot"].includes(call)),
    ).toEqual([]);
    expect(directives("MemoryDenyWriteExecute")).toEqual([]);
  });

  it("waits for the end longer than the daemon takes to send what waits", () => {
    const stopSeconds = Number(directive("TimeoutStopSec"));
    expect(stopSeconds).toBeGreaterThan(2 * daemonSettings.shutdownSeconds.fallback);
  });

  it("hears the daemon through a program of its own, and starts it anew when it falls silent", () => {
    expect(directive("Type")).toBe("notify");
    expect(directive("NotifyAccess")).toBe("all");
    expect(Number(directive("WatchdogSec"))).toBeGreaterThan(0);
    expect(directive("Restart")).toBe("always");
    expect(directive("ExecReload")).toBe("/bin/kill -HUP $MAINPID");
  });

  it("has log, settings, user and name where AWS's has them", () => {
    expect(directive("ExecStart")).toBe("/usr/bin/fluoroscope daemon -f /var/log/xray/xray.log");
    expect(directive("LogsDirectory")).toBe("xray");
    expect(directive("ConfigurationDirectory")).toBe("amazon/xray");
    expect(directive("User")).toBe("xray");
    expect(directive("Alias")).toBe("xray.service");
  });
});

it("the socket buffer that sysctl.d allows is the one that the daemon asks for", () => {
  const file = readFileSync(join(root, "packaging/sysctl.d/50-fluoroscope.conf"), "utf8");
  const [, allowed] = /^net\.core\.rmem_max = (\d+)$/m.exec(file)!;
  const listener = readFileSync(join(root, "src/daemon/udp-listener.ts"), "utf8");
  const [, factor, exponent] = /wantedBytes = (\d+) \* 2 \*\* (\d+)/.exec(listener)!;
  expect(Number(allowed)).toBe(Number(factor) * 2 ** Number(exponent));
});
