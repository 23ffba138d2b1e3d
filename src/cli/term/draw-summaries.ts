import type { WireTraceSummary } from "../../api/wire.ts";
import { cut, padEnd, padStart, widthOf } from "./fit-text.ts";
import { mark, type Style } from "./style.ts";
import { type SummaryWords, summaryWords } from "./summary-words.ts";
import { drawTable } from "./table.ts";

/** Below, an id and what was asked do not fit on one line, and an id that is cut is of no use. */
const narrow = 76;

/** Traces as a table, a line each; two where the terminal is narrow. */
export function drawSummaries(found: readonly WireTraceSummary[], endpoint: string, style: Style): string[] {
  if (style.width < narrow) return found.map((summary) => drawSummaryLine(summary, endpoint, style));
  const { glyphs, paint } = style;
  const rows = found.map((summary) => summaryWords(summary, glyphs));
  const columns = [
    { title: "at", text: ({ at }: SummaryWords) => at },
    {
      title: "",
      text: ({ state }: SummaryWords) => glyphs.marks[state],
      paint: (cell: string, { state }: SummaryWords) => paint[state](cell),
    },
    { title: "http", text: ({ status }: SummaryWords) => status, align: "right" as const },
    { title: "time", text: ({ time }: SummaryWords) => time, align: "right" as const },
    { title: "asked", text: ({ asked }: SummaryWords) => asked, isFlexible: true },
    {
      title: "trace",
      text: ({ id }: SummaryWords) => id,
      paint: (cell: string, { id }: SummaryWords) => linked(cell, id, endpoint, style),
    },
  ];
  return drawTable<SummaryWords>(columns, rows, style);
}

const [statusWidth, timeWidth, idWidth] = [3, 8, 35];

/** A trace in a list whose other lines are not known yet: one line, or two where the terminal is narrow. */
export function drawSummaryLine(summary: WireTraceSummary, endpoint: string, style: Style): string {
  const { glyphs, width } = style;
  const { at, state, status, time, asked, id } = summaryWords(summary, glyphs);
  const head = `${at}  ${glyphs.marks[state]}  ${padStart(status, statusWidth)}  ${padStart(time, timeWidth)}`;
  const painted = head.replace(glyphs.marks[state], () => mark(state, style));
  const link = linked(cut(id, idWidth, glyphs), id, endpoint, style);
  if (width < narrow) return `${painted}  ${cut(asked, width - widthOf(head) - 2, glyphs)}\n          ${link}`;
  const room = width - widthOf(head) - 2 - 2 - idWidth;
  return `${painted}  ${padEnd(cut(asked, room, glyphs), room)}  ${link}`;
}

function linked(text: string, id: string, endpoint: string, { paint, hyperlink }: Style): string {
  return hyperlink(paint.link(text), `${endpoint}/trace/${id}`);
}
