import { askServer } from "../../ask/ask-server.ts";
import { fetchSummaries } from "../../ask/fetch-summaries.ts";
import { complete } from "../../filter/complete.ts";
import { makeStyle } from "../term/style.ts";
import { summaryWords } from "../term/summary-words.ts";

/** Nobody wants to wait for a Tab. */
const patienceMs = 800;
const mostTraces = 30;
const lookBackSeconds = 3_600;

/** The newest traces whose id begins so, each with what it was behind a tab. None where no fluoroscope answers in time. */
export async function findTraceIds(endpoint: string, key: string | undefined, beginning: string): Promise<string[]> {
  const seconds = Date.now() / 1_000;
  const question = { startSeconds: seconds - lookBackSeconds, endSeconds: seconds + 60, limit: mostTraces };
  const late = new Promise<never[]>((resolve) => setTimeout(resolve, patienceMs, []).unref());
  const found = await Promise.race([fetchSummaries(askServer(endpoint, key), question).catch(() => []), late]);
  return found
    .filter(({ Id }) => Id.startsWith(beginning))
    .map((summary) => {
      const { id, status, time, asked } = summaryWords(summary, makeStyle().glyphs);
      return `${id}\t${[status, asked, time].join(" ")}`;
    });
}

/** What may stand where a filter expression ends, as the whole expression. */
export function findFilters(beginning: string): string[] {
  return complete(beginning, beginning.length).map(
    ({ text, from, to, kind }) => `${beginning.slice(0, from)}${text}${beginning.slice(to)}\t${kind}`,
  );
}
