import { criticalPath } from "./critical-path.ts";
import { durationText, plainText } from "./plain-text.ts";
import { endOf } from "./self-time.ts";
import { traceWords } from "./skeleton-of.ts";
import type { SpanRow, SpanTree } from "./span-tree.ts";

export interface HtmlOptions {
  readonly traceId: string;
  /** Beyond these, rows are left out. */
  readonly mostRows?: number;
}

/**
 * A trace as one file that any browser shows, by itself and without a network: no script, and a policy that allows none,
 * so that nothing in a trace's text can run. Rows fold out to all that they say.
 */
export function writeHtml(tree: SpanTree, { traceId, mostRows = 20_000 }: HtmlOptions): string {
  const { method, title, status, state } = traceWords(tree);
  const heading = [status, method, title].filter((part) => part !== undefined).join(" ");
  const shown = tree.rows.slice(0, mostRows);
  const left = tree.rows.length - shown.length;
  const shares = criticalPath(tree).shares.filter(({ share }) => share >= 0.01);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(heading)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1 class="${state}">${escaped(heading)}</h1>
<p>Trace <code>${escaped(traceId)}</code> · <b>${durationText(tree.endSeconds - tree.startSeconds)}</b>${tree.isPartial ? " so far" : ""} · ${tree.count} spans · ${tree.services.length} services · started ${new Date(tree.startSeconds * 1_000).toISOString()}</p>
<p>Critical path: ${shares.map(({ service, share }) => `${escaped(service)} <b>${Math.round(share * 100)} %</b>`).join(" · ")}</p>
</header>
<main>
${shown.map((row) => rowHtml(tree, row)).join("\n")}
</main>
${left > 0 ? `<p>${left} more spans are left out.</p>` : ""}
<footer>Made by fluoroscope.</footer>
</body>
</html>
`;
}

function rowHtml(tree: SpanTree, row: SpanRow): string {
  const { index, segment, depth, state, service } = row;
  const total = Math.max(tree.endSeconds - tree.startSeconds, Number.EPSILON);
  const seconds = endOf(tree, index) - segment.startSeconds;
  const percent = (part: number): string => `${((part / total) * 100).toFixed(3)}%`;
  const { name, detail } = tree.labels[tree.labelOf[index]!]!;
  const { subsegments: _, ...own } = segment;
  const colour = tree.services.indexOf(service) % colours.length;
  return `<details><summary class="${state}"><span class="name" style="padding-left:${Math.min(depth, 24) * 12}px"><i style="background:${colours[colour]}"></i><b>${escaped(name)}</b> <small>${escaped(detail)}</small></span><span class="track"><i style="left:${percent(segment.startSeconds - tree.startSeconds)};width:${percent(seconds)};background:${colours[colour]}"></i></span><span class="time">${segment.inProgress ? "… " : ""}${durationText(seconds)}${state === "ok" ? "" : ` ${state}`}</span></summary><pre>${escaped(JSON.stringify(own, undefined, 2), false)}</pre></details>`;
}

const colours = [
  "#2f7fb5",
  "#c07a1e",
  "#3d8f6e",
  "#9a5bb0",
  "#b5566a",
  "#5f7a2f",
  "#4d69c0",
  "#8c6d4f",
  "#2b8f96",
  "#7d7f86",
];

const style = `
:root{color-scheme:light dark;font:14px system-ui,sans-serif}
body{margin:0;padding:16px}
h1{font-size:18px;overflow-wrap:anywhere}
h1.fault,.fault .time{color:#c62b34}
.error .time{color:#a05a00}
.throttle .time{color:#7450c8}
summary{display:grid;grid-template-columns:minmax(160px,42%) 1fr 110px;gap:8px;align-items:center;min-height:24px;cursor:pointer}
summary:hover{background:color-mix(in srgb,currentColor 6%,transparent)}
.name{overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.name i{display:inline-block;width:9px;height:9px;margin-right:6px;border-radius:2px}
small{opacity:.7}
.track{position:relative;height:12px}
.track i{position:absolute;top:0;height:12px;min-width:2px;border-radius:2px}
.time{font-size:12px;text-align:right;font-variant-numeric:tabular-nums}
pre{margin:4px 0 12px;padding:10px;border-radius:6px;background:color-mix(in srgb,currentColor 7%,transparent);white-space:pre-wrap;overflow-wrap:anywhere}
footer{margin-top:24px;opacity:.6;font-size:12px}`.trim();

/** Text that HTML takes for nothing but text, in an attribute, too. */
function escaped(text: string, isLine = true): string {
  return (isLine ? plainText(text) : text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
