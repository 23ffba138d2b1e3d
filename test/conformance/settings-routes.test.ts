import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { ServerSettings } from "../../src/api/wire-settings.ts";
import { readConfig } from "../../src/config.ts";
import { type Running, up } from "../../src/up.ts";

let running: Running | undefined;
let folder: string | undefined;
afterEach(async () => {
  await running?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
  [running, folder] = [undefined, undefined];
});

const reader = { id: "reader", secret: "0123456789abcdef-reader" };
const owner = { id: "owner", secret: "0123456789abcdef-owner" };

async function settings(flags: Record<string, string>, environment: Record<string, string> = {}) {
  const { config } = readConfig({ flags: { port: "0", ...flags }, environment: { HOME: "/nonexistent" } });
  running = await up(config, { environment });
  const { http } = running.addresses;
  return async (key?: typeof reader): Promise<{ status: number; text: string }> => {
    const basic = key && `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString("base64")}`;
    const answer = await fetch(`${http}/api/settings`, { ...(basic && { headers: { authorization: basic } }) });
    return { status: answer.status, text: await answer.text() };
  };
}

it("tells how much is kept, for how long, where, and what room is left there", async () => {
  folder = mkdtempSync(join(tmpdir(), "fluoroscope-settings-"));
  const ask = await settings({ dataDir: folder, retention: "2d", maxSize: "500MB" });
  const { keeps, access } = JSON.parse((await ask()).text) as ServerSettings;
  expect(keeps).toMatchObject({ retentionSeconds: 172_800, maxBytes: 500_000_000, dataDir: folder });
  expect(keeps.freeBytes).toBeGreaterThan(0);
  expect(access).toEqual({ isGuarded: false, granted: "all", keys: [] });
});

it("has no folder to name where everything is in memory", async () => {
  const ask = await settings({ ephemeral: "true" });
  const { keeps } = JSON.parse((await ask()).text) as ServerSettings;
  expect(keeps).not.toHaveProperty("dataDir");
  expect(keeps).not.toHaveProperty("freeBytes");
});

it("shows all keys to who may change anything, else one's own, and never a secret", async () => {
  const keys = `${reader.id}:${reader.secret}:read,${owner.id}:${owner.secret}:all`;
  const ask = await settings({ ephemeral: "true" }, { FLUOROSCOPE_KEYS: keys });
  expect((await ask()).status).toBe(401);
  const toOwner = await ask(owner);
  expect((JSON.parse(toOwner.text) as ServerSettings).access).toEqual({
    isGuarded: true,
    granted: "all",
    keys: [
      { id: "reader", access: "read" },
      { id: "owner", access: "all" },
    ],
  });
  const toReader = await ask(reader);
  expect((JSON.parse(toReader.text) as ServerSettings).access).toEqual({
    isGuarded: true,
    granted: "read",
    keys: [{ id: "reader", access: "read" }],
  });
  for (const { text } of [toOwner, toReader]) expect(text).not.toContain("0123456789abcdef");
});
