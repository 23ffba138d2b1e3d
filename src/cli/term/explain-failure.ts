import type { Exception } from "../../trace/segment.ts";
import { cleanText } from "./clean-text.ts";
import type { Glyphs } from "./style.ts";
import { states } from "./style.ts";
import type { Item } from "./trace-items.ts";

/**
 * Why a trace went wrong, the origin first: what failed furthest down, then what that made its callers throw. Empty
 * when nothing failed.
 */
export function explainFailure(roots: readonly Item[], glyphs: Glyphs): string[] {
  const way = worstWay(roots);
  const told: string[] = [];
  for (const item of way.toReversed()) {
    const text = tell(item, told.length === 0);
    if (text !== undefined) told.push(cleanText(text, glyphs));
  }
  return told;
}

/** From a root down to the failure: at each step into the worst child, the last of equals. */
function worstWay(items: readonly Item[]): Item[] {
  const way: Item[] = [];
  for (let level = items; ; level = way.at(-1)!.children) {
    const failed = level.filter(({ state }) => state !== "ok");
    const next = failed.toSorted(
      (a, b) => states.indexOf(a.state) - states.indexOf(b.state) || b.startMs - a.startMs,
    )[0];
    // A caller that coped is not flagged, but what it coped with is worth telling.
    const steps = next === undefined ? wayToFailure(level) : [next];
    if (steps.length === 0) return way;
    way.push(...steps);
  }
}

/** The items from here down to the first that encloses or calls something that failed; none when nothing did. */
function wayToFailure(items: readonly Item[]): Item[] {
  interface Step {
    readonly item: Item;
    readonly above: Step | undefined;
  }
  const stack: Step[] = items.toReversed().map((item) => ({ item, above: undefined }));
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (step.item.children.some(({ state }) => state !== "ok")) {
      const way: Item[] = [];
      for (let at: Step | undefined = step; at !== undefined; at = at.above) way.unshift(at.item);
      return way;
    }
    for (const item of step.item.children.toReversed()) stack.push({ item, above: step });
  }
  return [];
}

function tell(item: Item, isOrigin: boolean): string | undefined {
  const exceptions = item.entities.flatMap(({ cause }) => cause?.exceptions ?? []);
  const thrown = exceptions[0];
  const status = item.entities.map(({ http }) => http?.status).findLast((each) => each !== undefined && each >= 400);
  const asked = item.operation === "" ? "" : ` to ${item.operation}`;
  const answered = status === undefined ? undefined : `${item.name} answered ${status}${asked}`;
  if (thrown === undefined) {
    // The statuses of callers further up only repeat what went wrong below.
    if (!isOrigin || item.state === "ok") return undefined;
    return answered ?? `${item.name} is marked as ${item.state}${asked === "" ? "" : `, asked${asked}`}`;
  }
  const what = [thrown.type, thrown.message].filter((part) => part !== undefined && part !== "").join(": ");
  const place = placeOf(thrown);
  const threw = `${item.name} ${item.isCall && status === undefined ? "failed with" : "threw"} ${what}`;
  return (answered && isOrigin ? `${answered}: ${what}` : threw) + (place === undefined ? "" : ` (${place})`);
}

/** The first frame in code of one's own. */
function placeOf({ stack = [] }: Exception): string | undefined {
  const own = stack.find(({ path }) => path !== undefined && !/^node\b|node_modules|site-packages/.test(path));
  if (own?.path === undefined) return undefined;
  const file = own.path.split(/[\\/]/).at(-1)!;
  return own.line === undefined ? file : `${file}:${own.line}`;
}
