import { statfs } from "node:fs/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AccessKey, AccessKeys } from "./access-keys.ts";
import { answer } from "./answer.ts";
import type { Access, Keeps, ServerSettings, ShownKey } from "./wire-settings.ts";

/** What the route tells of. */
export interface ToldSettings {
  readonly keeps: Keeps;
  readonly keys: AccessKeys;
  /** The key by which a request was let in; none where none is asked for. */
  readonly keyOf: (request: FastifyRequest) => AccessKey | undefined;
}

/** What the console's settings show beside groups and sampling rules, for which X-Ray has operations. */
export function addSettingsRoutes(app: FastifyInstance, { keeps, keys, keyOf }: ToldSettings): void {
  app.get("/api/settings", async (request, reply) => {
    const freeBytes = keeps.dataDir === undefined ? undefined : await roomLeft(keeps.dataDir);
    const told: ServerSettings = {
      keeps: { ...keeps, ...(freeBytes !== undefined && { freeBytes }) },
      access: accessOf(keys, keyOf(request)),
    };
    return answer(request, reply, told);
  });
}

function accessOf(keys: AccessKeys, asker: AccessKey | undefined): Access {
  if (asker === undefined) return { isGuarded: keys.size > 0, granted: "all", keys: [] };
  const shown = asker.access === "all" ? [...keys.values()] : [asker];
  return { isGuarded: true, granted: asker.access, keys: shown.map(withoutSecret) };
}

function withoutSecret({ id, access, name }: AccessKey): ShownKey {
  return { id, access, ...(name !== undefined && { name }) };
}

async function roomLeft(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Some file systems do not tell; then nobody is told.
    return undefined;
  }
}
