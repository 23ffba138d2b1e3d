import type { CommandDefinition } from "./run-command.ts";
import type { Terminal } from "./terminal.ts";

/** A command by its name. Its code is loaded only when it is called, so that each starts as fast as it can. */
export type CommandEntry = { readonly name: string; readonly summary: string } & (
  | { readonly load: () => Promise<CommandDefinition> }
  | {
      /** Reads its words itself. */
      readonly run: (words: readonly string[], terminal: Terminal) => Promise<number>;
    }
);

/** Every command, in the order in which help lists them. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: "call",
    summary: "call a URL, traced, and see where the time went",
    load: () => import("./commands/call.ts"),
  },
  { name: "up", summary: "run fluoroscope: daemon, API, store and console", load: () => import("./commands/up.ts") },
  { name: "daemon", summary: "run the daemon alone, in the place of AWS X-Ray's", run: runDaemonCommand },
  {
    name: "demo",
    summary: "run it with a small shop behind it that sends traces",
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "run",
    summary: "run a program with the right environment, and see its traces",
    load: () => import("./commands/run.ts"),
  },
  { name: "map", summary: "draw the service map", load: () => import("./commands/map.ts") },
  { name: "traces", summary: "list traces, newest first", load: () => import("./commands/traces.ts") },
  { name: "trace", summary: "draw one trace: map, waterfall, cause", load: () => import("./commands/trace.ts") },
  { name: "tail", summary: "show traces as they come", load: () => import("./commands/tail.ts") },
  { name: "diff", summary: "compare two traces", load: () => import("./commands/diff.ts") },
  { name: "open", summary: "open the console", load: () => import("./commands/open.ts") },
  { name: "problems", summary: "what was refused, and why", load: () => import("./commands/problems.ts") },
  {
    name: "config",
    summary: "every setting, its value and where it comes from",
    load: () => import("./commands/config.ts"),
  },
  { name: "keys", summary: "who is let in on all nodes of a store", load: () => import("./commands/keys.ts") },
  { name: "export", summary: "write the documents of a range to a file", load: () => import("./commands/export.ts") },
  { name: "import", summary: "put traces from files in", load: () => import("./commands/import.ts") },
  { name: "backup", summary: "copy the data folder while it is used", load: () => import("./commands/backup.ts") },
  {
    name: "doctor",
    summary: "is this machine ready for it, and what to do where it is not",
    load: () => import("./commands/doctor.ts"),
  },
  { name: "mcp", summary: "answer the questions of agents", load: () => import("./commands/mcp.ts") },
  {
    name: "completion",
    summary: "print what makes a shell complete this command line",
    load: () => import("./commands/completion.ts").then(({ defineFor }) => ({ define: defineFor(commandTable) })),
  },
];

async function runDaemonCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  const { daemon } = await import("./commands/daemon.ts");
  const code = await daemon(words, terminal);
  // What a library has left open must not keep a daemon alive that is done.
  setTimeout(() => process.exit(), 1_000).unref();
  return code;
}
