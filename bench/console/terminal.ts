// Bar 29, its second half: drawing a trace of ten thousand spans in the terminal, each time in a new process. The first half,
// a traced call beside curl, is bench/call.ts.
// Run: node --import tsx bench/console/terminal.ts
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { printFigure } from "./figures.ts";

const rounds = 5;
const script = fileURLToPath(new URL("draw-once.ts", import.meta.url));

const drawings = Array.from({ length: rounds }, () => {
  const said = execFileSync(process.execPath, ["--import", "tsx", script, "10000"], { encoding: "utf8" });
  return JSON.parse(said) as { readonly tookMs: number; readonly cpuMs: number };
});
printFigure({ bar: 29, what: "drawing 10,000 spans", values: drawings.map(({ tookMs }) => tookMs), limit: 200 });
printFigure({ bar: 29, what: "… CPU of all threads", values: drawings.map(({ cpuMs }) => cpuMs) });
