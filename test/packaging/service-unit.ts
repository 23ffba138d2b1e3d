import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./built-packages.ts";

export const unitPath: string = join(root, "packaging/systemd/fluoroscope-daemon.service");

/** Every value that the service's unit gives a directive, in order. */
export function directives(name: string): string[] {
  const lines = readFileSync(unitPath, "utf8").split("\n");
  return lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
}

/** The one value of a directive. */
export function directive(name: string): string {
  const [value, ...more] = directives(name);
  if (value === undefined || more.length > 0) throw new Error(`${name} is not once in the unit`);
  return value;
}

/** The system calls that the unit leaves to the daemon, by name. */
export function allowedSystemCalls(): string[] {
  const groups = readGroups();
  const expand = (word: string): string[] =>
    word.startsWith("@") ? (groups.get(word) ?? []).flatMap((member) => expand(member)) : [word];
  const allowed = new Set<string>(expand("@default"));
  for (const list of directives("SystemCallFilter")) {
    const isDenying = list.startsWith("~");
    for (const call of list.replace(/^~/, "").split(" ").flatMap(expand)) {
      if (isDenying) allowed.delete(call);
      else allowed.add(call);
    }
  }
  return [...allowed].toSorted();
}

function readGroups(): ReadonlyMap<string, readonly string[]> {
  const text = execFileSync("systemd-analyze", ["syscall-filter", "--no-pager"], { encoding: "utf8", stdio: "pipe" });
  const groups = new Map<string, string[]>();
  let members: string[] = [];
  for (const line of text.split("\n")) {
    const word = line.trim();
    if (line.startsWith("@")) {
      members = [];
      groups.set(word, members);
    } else if (word !== "" && !word.startsWith("#")) {
      members.push(word);
    }
  }
  return groups;
}
