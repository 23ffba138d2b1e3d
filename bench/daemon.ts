/**
 * The daemon, measured as its users start it: load from one process, an upstream in another, CPU and memory from /proc (Linux).
 * `npm run build && npx tsx bench/daemon.ts [--quick] [question …]`; without a question all but `soak` (an hour), for about half an hour.
 * `XRAY_DAEMON_BINARY=/path/to/xray` measures an original daemon in the same run, in turns; else its figures are those that
 * 3.6.6 reached on two EPYC cores, which the line about receiving alone puts into proportion. A question that pins uses two
 * cores: one for the daemon, one for the rest. As root, the stock socket buffer is tried too.
 */
import { existsSync } from "node:fs";
import { loadavg } from "node:os";
import { calibrate } from "./daemon/calibrate.ts";
import { type Contender, contenders } from "./daemon/contender.ts";
import { costQuestions } from "./daemon/cost-questions.ts";
import { lossQuestions } from "./daemon/loss-questions.ts";
import { printFigure, printHead } from "./daemon/print-table.ts";
import { othersShare } from "./daemon/process-figures.ts";
import type { Question } from "./daemon/question.ts";
import { safetyQuestions } from "./daemon/safety-questions.ts";

const questions = [...costQuestions, ...lossQuestions, ...safetyQuestions];
const words = process.argv.slice(2);
const isQuick = words.includes("--quick");
const names = words.filter((word) => !word.startsWith("--"));
const unknown = names.filter((name) => !questions.some((question) => question.name === name));
const binary = process.env.XRAY_DAEMON_BINARY;
if (unknown.length > 0) {
  console.error(
    `No question is called ${unknown.join(", ")}. There are: ${questions.map(({ name }) => name).join(", ")}.`,
  );
  process.exitCode = 2;
} else if (binary !== undefined && !existsSync(binary)) {
  console.error(`XRAY_DAEMON_BINARY names ${binary}, which does not exist.`);
  process.exitCode = 2;
} else {
  await main(
    questions.filter(({ name, isOnRequest }) => (names.length === 0 ? !isOnRequest : names.includes(name))),
    contenders(binary),
  );
}

async function main(asked: readonly Question[], all: readonly Contender[]): Promise<void> {
  const busy = othersShare();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const share = `${Math.round(busy() * 100)} %`;
  console.log(`Before it began others used ${share} of the cores; the load was ${loadavg()[0]!.toFixed(1)}.`);
  await calibrate(isQuick);
  printHead(all.length > 1 ? "measured" : "constant");
  for (const question of asked) {
    const [ours, original] = await ask(question, all);
    for (const [index, figure] of question.figures.entries()) {
      printFigure({ figure, ours: ours?.[index], original: original ? original[index] : figure.original });
    }
  }
}

/** In turns, so that whatever else the machine does hits all alike. Answers the medians of each contender. */
async function ask(
  question: Question,
  all: readonly Contender[],
): Promise<(readonly (number | undefined)[] | undefined)[]> {
  const asked = question.isOursOnly ? all.filter(({ isOurs }) => isOurs) : all;
  const answers = asked.map((): (readonly (number | undefined)[])[] => []);
  for (let run = 0; run < (isQuick ? 1 : question.runs); run += 1) {
    for (const [index, contender] of asked.entries()) answers[index]!.push(await question.ask({ contender, isQuick }));
  }
  return answers.map((runs) => question.figures.map((_, figure) => median(runs.map((run) => run[figure]))));
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
