import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly name: string;
  /** Median and fastest run, milliseconds of wall time. */
  readonly medianMs: number;
  readonly fastestMs: number;
}

/**
 * Runs programs in turns, so that whatever else the machine does hits all of them alike, and answers their wall times.
 * The first turn warms the file cache and does not count.
 */
export function sideBySide(contenders: readonly Contender[], turns: number): Outcome[] {
  const times = contenders.map((): number[] => []);
  for (let turn = 0; turn <= turns; turn++) {
    for (const [index, { command, args, env }] of contenders.entries()) {
      const startMs = performance.now();
      const { status, stderr } = spawnSync(command, args, {
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, ...env },
      });
      if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
      if (turn > 0) times[index]!.push(performance.now() - startMs);
    }
  }
  return contenders.map(({ name }, index) => {
    const sorted = times[index]!.toSorted((a, b) => a - b);
    return { name, medianMs: sorted[Math.floor(sorted.length / 2)]!, fastestMs: sorted[0]! };
  });
}

/** One line for each, beside the first. */
export function printOutcomes(outcomes: readonly Outcome[]): void {
  const [peer] = outcomes;
  console.log("program                       median ms  fastest ms     ratio  difference ms");
  for (const { name, medianMs, fastestMs } of outcomes) {
    const cells = [
      name.padEnd(28),
      medianMs.toFixed(1).padStart(10),
      fastestMs.toFixed(1).padStart(11),
      (medianMs / peer!.medianMs).toFixed(2).padStart(9),
      (medianMs - peer!.medianMs).toFixed(1).padStart(14),
    ];
    console.log(cells.join(" "));
  }
}
