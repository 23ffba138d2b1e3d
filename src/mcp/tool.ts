import type { Server } from "../ask/ask-server.ts";

/** What a tool may use. */
export interface Surroundings {
  readonly server: Server;
  /** Absent: agents call nothing. */
  readonly calls?: AllowedCalls | undefined;
  readonly now: () => number;
}

/** Whom agents may call, and with which environment. */
export interface AllowedCalls {
  /** `localhost` for any port there, `localhost:3000` for one. */
  readonly hosts: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One thing that an agent can ask. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the agent: what it answers, and when to use it. */
  readonly description: string;
  /** JSON Schema of the arguments, which are checked against it before `run` sees them. */
  readonly inputSchema: { readonly type: "object"; readonly properties: Record<string, object>; required?: string[] };
  /** Whether it changes nothing. */
  readonly isReadOnly: boolean;
  /** What it answers becomes JSON; a mistake in the arguments is a `ToolMistake`. */
  readonly run: (given: Arguments, surroundings: Surroundings) => Promise<object>;
}

/** Arguments as they came, which fit the tool's schema. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Something that the agent can mend by asking otherwise. */
export class ToolMistake extends Error {}

/** A text among the arguments. */
export function textOf(given: Arguments, name: string): string | undefined {
  const value = given[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number among the arguments. */
export function numberOf(given: Arguments, name: string, fallback: number): number {
  const value = given[name];
  return typeof value === "number" ? value : fallback;
}
