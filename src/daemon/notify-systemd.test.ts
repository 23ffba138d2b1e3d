import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { silentLog } from "../log.ts";
import { notifySystemd } from "./notify-systemd.ts";

const quietly = { status: () => "all is well", isTurning: () => true, log: silentLog };

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-notify-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A `systemd-notify` that writes down what it is told, a line a call. */
function aNotifyProgram(): { environment: Record<string, string>; told: () => string[] } {
  const folder = aFolder();
  const notes = join(folder, "notes");
  writeFileSync(join(folder, "systemd-notify"), `#!/bin/sh\necho "$NOTIFY_SOCKET|$*" >> "${notes}"\n`);
  chmodSync(join(folder, "systemd-notify"), 0o755);
  return {
    environment: { PATH: `${folder}:${process.env.PATH}`, NOTIFY_SOCKET: "@somewhere" },
    told: () => (existsSync(notes) ? readFileSync(notes, "utf8").trim().split("\n") : []),
  };
}

it("systemd is told when the daemon is ready, reloads and stops, in this order", async () => {
  const { environment, told } = aNotifyProgram();
  const notifier = notifySystemd({ ...quietly, environment });
  void notifier.ready();
  void notifier.reloading();
  void notifier.ready();
  await notifier.stopping();
  notifier.close();
  expect(told()).toEqual([
    "@somewhere|READY=1 STATUS=all is well",
    expect.stringMatching(/^@somewhere\|RELOADING=1 MONOTONIC_USEC=\d+$/),
    "@somewhere|READY=1 STATUS=all is well",
    "@somewhere|STOPPING=1 STATUS=all is well",
  ]);
});

it("nobody is told anything where systemd did not start us", async () => {
  const { environment, told } = aNotifyProgram();
  const notifier = notifySystemd({ ...quietly, environment: { ...environment, NOTIFY_SOCKET: "" } });
  await notifier.ready();
  notifier.close();
  expect(told()).toEqual([]);
});

it("the watchdog hears a beat while work is done, and none while nothing moves", async () => {
  const { environment, told } = aNotifyProgram();
  let isTurning = true;
  const error = vi.fn();
  const notifier = notifySystemd({
    ...quietly,
    environment: { ...environment, WATCHDOG_USEC: "100000" },
    isTurning: () => isTurning,
    log: { ...silentLog, error },
  });
  await vi.waitFor(() => expect(told().length).toBeGreaterThan(1), 10_000);
  expect(told()[0]).toBe("@somewhere|WATCHDOG=1 STATUS=all is well");
  isTurning = false;
  await vi.waitFor(() => expect(error).toHaveBeenCalled(), 10_000);
  notifier.close();
});

it("another process's watchdog is not ours", async () => {
  const { environment, told } = aNotifyProgram();
  const notifier = notifySystemd({
    ...quietly,
    environment: { ...environment, WATCHDOG_USEC: "20000", WATCHDOG_PID: "1" },
  });
  await notifier.ready();
  await notifier.ready();
  notifier.close();
  expect(told().filter((line) => line.includes("WATCHDOG"))).toEqual([]);
});

it("a missing program is said and stops nothing", async () => {
  const warn = vi.fn();
  const notifier = notifySystemd({
    ...quietly,
    environment: { PATH: "/nonexistent", NOTIFY_SOCKET: "@somewhere" },
    log: { ...silentLog, warn },
  });
  await notifier.ready();
  notifier.close();
  expect(warn.mock.calls[0]![0].text).toContain("Type=exec");
});

const listening = `
import os, socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print("bound", flush=True)
while True:
    data, ancillary, flags, address = receiver.recvmsg(65536, 4096)
    for level, kind, fds in ancillary:
        # systemd-notify waits until the descriptor that it sends last is closed here.
        for at in range(0, len(fds), 4): os.close(int.from_bytes(fds[at:at + 4], sys.byteorder))
    print(repr(data.decode()), flush=True)
`;
const hasPrograms = [
  ["systemd-notify", "--version"],
  ["python3", "--version"],
].every(([program, flag]) => spawnSync(program!, [flag!]).status === 0);
if (!hasPrograms) console.log("Skipped: systemd-notify and python3 are not both here, so no real socket is notified.");

it.skipIf(!hasPrograms && !process.env.CI)("what systemd-notify sends is what systemd reads", async () => {
  const path = join(aFolder(), "socket");
  const receiver: ChildProcess = spawn("python3", ["-c", listening, path], { stdio: ["ignore", "pipe", "inherit"] });
  let heard = "";
  receiver.stdout!.setEncoding("utf8").on("data", (text: string) => {
    heard += text;
  });
  await vi.waitFor(() => expect(heard).toContain("bound"), 10_000);
  const notifier = notifySystemd({ ...quietly, environment: { PATH: process.env.PATH, NOTIFY_SOCKET: path } });
  await notifier.ready();
  notifier.close();
  await vi.waitFor(() => expect(heard).toContain("READY=1\\nSTATUS=all is well"), 10_000);
  receiver.kill();
  await once(receiver, "exit");
});
