import type { Verdict } from "./assertions.ts";
import type { CallOrder } from "./call-order.ts";
import { describeValue, drawVerdicts } from "./term/draw-verdicts.ts";
import type { Terminal } from "./terminal.ts";

/** Says what became of assertions: drawn below a drawing; beside anything else, what is not met as remarks. */
export async function printVerdicts(
  verdicts: readonly Verdict[],
  { flags, output }: CallOrder,
  terminal: Terminal,
): Promise<void> {
  if (verdicts.length === 0) return;
  if (output === "drawing") {
    terminal.print(["", ...drawVerdicts(verdicts, await terminal.style(flags))]);
    return;
  }
  if (flags.silent && !flags.showError) return;
  for (const verdict of verdicts) {
    if (verdict.isMet) continue;
    terminal.remark(`fluoroscope: Not met: ${verdict.assertion.text} (${describeValue(verdict)}).`);
  }
}
