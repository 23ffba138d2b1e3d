import type { RootCause, RootCauseEntity, RootCauseService } from "../trace/digest.ts";
import type { EntityPattern, ExceptionPattern, RootCausePattern, ServicePattern } from "./tree.ts";

/** Reads the patterns of `rootcause.json = #[…]`, or says in a sentence what is wrong with them. */
export function readRootCausePatterns(json: string): RootCausePattern[] | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return "What stands behind # is not JSON";
  }
  if (!Array.isArray(value)) return "What stands behind # is not a JSON list";
  try {
    return value.map(readCause);
  } catch (error) {
    if (error instanceof WrongPattern) return error.message;
    throw error;
  }
}

/** Whether the members that the pattern has are the root cause's. */
export function agrees(pattern: RootCausePattern, cause: RootCause): boolean {
  return (
    fits(pattern.clientImpacting, cause.clientImpacting) && listsAgree(pattern.services, cause.services, serviceAgrees)
  );
}

function serviceAgrees(pattern: ServicePattern, service: RootCauseService): boolean {
  const { name, type = "", accountId } = service.node;
  return (
    fits(pattern.name, name) &&
    fits(pattern.type, type) &&
    fits(pattern.accountId, accountId) &&
    fits(pattern.inferred, service.inferred) &&
    listsAgree(pattern.names, [name], fits) &&
    listsAgree(pattern.entityPath, service.entities, entityAgrees)
  );
}

function entityAgrees(pattern: EntityPattern, entity: RootCauseEntity): boolean {
  return (
    fits(pattern.name, entity.name) &&
    fits(pattern.remote, entity.remote) &&
    fits(pattern.coverage, entity.coverage) &&
    listsAgree(
      pattern.exceptions,
      entity.exceptions,
      (wanted, exception) => fits(wanted.name, exception.name) && fits(wanted.message, exception.message),
    )
  );
}

function fits<T>(pattern: T | undefined, value: T | undefined): boolean {
  return pattern === undefined || pattern === value;
}

function listsAgree<P, T>(
  patterns: readonly P[] | undefined,
  list: readonly T[],
  agree: (pattern: P, element: T) => boolean,
): boolean {
  if (patterns === undefined) return true;
  return patterns.length === list.length && patterns.every((pattern, index) => agree(pattern, list[index]!));
}

/** Carries a sentence out of the readers below; never leaves this file. */
class WrongPattern extends Error {}

function readCause(value: unknown): RootCausePattern {
  const members = readMembers(value, "A root cause", ["ClientImpacting", "Services"]);
  return defined<RootCausePattern>({
    clientImpacting: readMember(members, "ClientImpacting", "boolean"),
    services: readList(members, "Services", readService),
  });
}

function readService(value: unknown): ServicePattern {
  const known = ["Name", "Names", "Type", "AccountId", "Inferred", "EntityPath"];
  const members = readMembers(value, "A service of a root cause", known);
  return defined<ServicePattern>({
    name: readMember(members, "Name", "string"),
    names: readList(members, "Names", (name) => {
      if (typeof name !== "string") throw new WrongPattern("Names of a root cause are texts");
      return name;
    }),
    type: readMember(members, "Type", "string"),
    accountId: readMember(members, "AccountId", "string"),
    inferred: readMember(members, "Inferred", "boolean"),
    entityPath: readList(members, "EntityPath", readEntity),
  });
}

function readEntity(value: unknown): EntityPattern {
  const members = readMembers(value, "An entity of a root cause", ["Name", "Remote", "Coverage", "Exceptions"]);
  return defined<EntityPattern>({
    name: readMember(members, "Name", "string"),
    remote: readMember(members, "Remote", "boolean"),
    coverage: readMember(members, "Coverage", "number"),
    exceptions: readList(members, "Exceptions", readException),
  });
}

function readException(value: unknown): ExceptionPattern {
  const members = readMembers(value, "An exception of a root cause", ["Name", "Message"]);
  return defined<ExceptionPattern>({
    name: readMember(members, "Name", "string"),
    message: readMember(members, "Message", "string"),
  });
}

type Members = ReadonlyMap<string, unknown>;

function readMembers(value: unknown, what: string, known: readonly string[]): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WrongPattern(`${what} is an object with ${known.join(", ")}`);
  }
  const members = new Map<string, unknown>(Object.entries(value).filter(([, member]) => member !== null));
  const stranger = [...members.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined) throw new WrongPattern(`${what} has ${known.join(", ")}, but no ${stranger}`);
  return members;
}

interface Primitives {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

function readMember<K extends keyof Primitives>(members: Members, name: string, type: K): Primitives[K] | undefined {
  const value = members.get(name);
  if (value === undefined) return undefined;
  const names = { string: "a text", number: "a number", boolean: "true or false" };
  if (typeof value !== type) throw new WrongPattern(`${name} of a root cause is ${names[type]}`);
  return value as Primitives[K];
}

function readList<T>(members: Members, name: string, read: (element: unknown) => T): T[] | undefined {
  const value = members.get(name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new WrongPattern(`${name} of a root cause is a list`);
  return value.map(read);
}

/** Leaves out what is absent. */
function defined<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
