/**
 * How long the command line takes to say something, beside Node's own start: `node -e ''`, help, version, and a command's
 * help, in turns. `npm run build && npx tsx bench/cold-start.ts [turns]`, by default 21. Wall time from start to exit.
 * Limit: help within 1.5 times `node -e ''`.
 */
import { fileURLToPath } from "node:url";
import { printOutcomes, sideBySide } from "./side-by-side.ts";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const node = (name: string, ...args: string[]) => ({ name, command: process.execPath, args });

printOutcomes(
  sideBySide(
    [
      node("node -e ''", "-e", ""),
      node("fluoroscope --help", main, "--help"),
      node("fluoroscope --version", main, "--version"),
      node("fluoroscope call --help", main, "call", "--help"),
      node("fluoroscope up --help", main, "up", "--help"),
    ],
    Number(process.argv[2] ?? 21),
  ),
);
