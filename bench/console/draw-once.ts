// Draws a large trace once, in a process that has drawn nothing before, as the command line's are. Prints how many milliseconds
// passed from the trace to its lines, and how many of CPU. Started by terminal.ts.
import { makeStyle } from "../../src/cli/term/style.ts";
import { drawTrace } from "../../src/cli/trace-report.ts";
import { assembleTrace } from "../../src/trace/assemble-trace.ts";
import { parseSegment } from "../../src/trace/parse-segment.ts";
import { aLargeTrace } from "../../test/fixtures/a-large-trace.ts";
import { aTraceId } from "../../test/fixtures/builders.ts";

const segments = aLargeTrace(Number(process.argv[2])).flatMap((document) => {
  const parsed = parseSegment(document);
  return parsed.kind === "segments" ? parsed.segments : [];
});
const trace = assembleTrace(aTraceId, segments);
const fromCpu = process.cpuUsage();
const fromMs = performance.now();
const lines = drawTrace(trace, [], { style: makeStyle({ columns: 120 }) });
const tookMs = performance.now() - fromMs;
const { user, system } = process.cpuUsage(fromCpu);
if (lines.length < 20) throw new Error(lines.join("\n"));
console.log(JSON.stringify({ tookMs, cpuMs: (user + system) / 1000 }));
