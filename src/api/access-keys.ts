import { readFileSync } from "node:fs";
import { FluoroscopeError } from "../errors.ts";

/** `read` asks questions, `write` sends documents and samples, `all` changes settings too. */
type KeyAccess = "read" | "write" | "all";

/** Who may do what: an access key as AWS's clients have them. */
export interface AccessKey {
  readonly id: string;
  readonly secretAccessKey: string;
  /** Of credentials that expire elsewhere: requests must carry it. */
  readonly sessionToken?: string;
  readonly access: KeyAccess;
  /** Whose it is, for the audit log. */
  readonly name?: string;
}

/** By id. */
export type AccessKeys = ReadonlyMap<string, AccessKey>;

const accesses: readonly string[] = ["read", "write", "all"];
const shape = '{"keys": [{"id": "…", "secret": "…", "access": "read|write|all", "name": "…"}]}';

/** Keys of a file of JSON and of a list `id:secret[:access]` separated by commas. Throws FLUORO_BAD_CONFIG. */
export function readAccessKeys(sources: {
  readonly file?: string | undefined;
  readonly list?: string | undefined;
}): AccessKeys {
  const keys = [...fromFile(sources.file), ...fromList(sources.list)];
  const byId = new Map(keys.map((key) => [key.id, key]));
  if (byId.size === keys.length) return byId;
  const twice = keys.find((key, index) => keys.findIndex(({ id }) => id === key.id) !== index)!;
  throw badKeys(`The access key ${JSON.stringify(twice.id)} is given twice. Give each an id of its own.`);
}

function fromFile(path: string | undefined): AccessKey[] {
  if (path === undefined) return [];
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    // A syntax error's message quotes the text, and the text is secrets.
    const reason = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw badKeys(`The access keys in ${path} cannot be read: ${reason}. Write ${shape}.`, error);
  }
  const list = typeof content === "object" && content !== null && "keys" in content ? content.keys : undefined;
  if (!Array.isArray(list)) throw badKeys(`The access keys in ${path} have no list "keys". Write ${shape}.`);
  return list.map((entry: unknown, index) => keyOf(entry, `keys[${index}] in ${path}`));
}

function fromList(list: string | undefined): AccessKey[] {
  if (list === undefined || list.trim() === "") return [];
  return list.split(",").map((entry, index) => {
    const [id, secret, access = "all", ...more] = entry.trim().split(":");
    const where = `entry ${index + 1} of FLUOROSCOPE_KEYS`;
    if (more.length > 0) throw badKeys(`${where} has too many colons. Write id:secret or id:secret:read.`);
    return keyOf({ id, secret, access }, where);
  });
}

function keyOf(entry: unknown, where: string): AccessKey {
  const members: Readonly<Record<string, unknown>> = typeof entry === "object" && entry !== null ? { ...entry } : {};
  const { id, secret, access = "all", name, sessionToken } = members;
  if (typeof id !== "string" || !/^[\w.-]{3,128}$/.test(id)) {
    throw badKeys(`The id of ${where} is not 3 to 128 letters, digits, "_", "." and "-". Mend it.`);
  }
  if (typeof secret !== "string" || secret.length < 16) {
    throw badKeys(`The secret of ${where} (${id}) has less than 16 characters. Make a longer one.`);
  }
  if (typeof access !== "string" || !accesses.includes(access)) {
    throw badKeys(`The access of ${where} (${id}) is none of read, write and all. Mend it.`);
  }
  return {
    id,
    secretAccessKey: secret,
    access: access as KeyAccess,
    ...(typeof name === "string" && { name }),
    ...(typeof sessionToken === "string" && { sessionToken }),
  };
}

function badKeys(message: string, cause?: unknown): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_CONFIG", message, { cause });
}
