import { defaultSpan, readSpan, type TimeSpan, writeLast, writeTime } from "./time-span.ts";

/** What a person would want to share of what they see; the rest (theme, live or not) stays with the browser. */
export interface View {
  /** A filter expression as it was typed. Empty: everything. */
  readonly filter: string;
  readonly span: TimeSpan;
  /** A selected node or edge of the map, as `service(…)` or `edge(…)`. */
  readonly select?: string;
  readonly colour: ColourBy;
  /** The map as a picture or as tables. */
  readonly form: "map" | "table";
  readonly tab: TraceTab;
  /** Id of the selected segment or subsegment. */
  readonly segment?: string;
  /** What is searched for inside of the trace. */
  readonly find: string;
  /** What one page alone has to say, by the names that it has in the address. Other pages leave it behind. */
  readonly own: Own;
}

/** Members of an address whose meaning only their page knows. */
export type Own = Readonly<Record<string, string>>;

export type ColourBy = "health" | "latency" | "rate";
export type TraceTab = "waterfall" | "flame" | "map" | "table" | "raw";

const colours: readonly ColourBy[] = ["health", "latency", "rate"];
const tabs: readonly TraceTab[] = ["waterfall", "flame", "map", "table", "raw"];

/** The view that a query string stands for. What cannot be read counts as not said. */
export function readView(search: string): View {
  const given = new URLSearchParams(search);
  const known = new Set<string>();
  const text = (name: string): string | undefined => {
    known.add(name);
    return given.get(name) ?? undefined;
  };
  const select = text("select");
  const segment = text("segment");
  return {
    filter: text("filter") ?? "",
    span: readSpan(text("range"), text("from"), text("to")) ?? defaultSpan,
    ...(select !== undefined && { select }),
    colour: colours.find((each) => each === text("colour")) ?? "health",
    form: text("form") === "table" ? "table" : "map",
    tab: tabs.find((each) => each === text("tab")) ?? "waterfall",
    ...(segment !== undefined && { segment }),
    find: text("find") ?? "",
    // The last: by now all names are known that have a meaning everywhere.
    own: Object.fromEntries([...given].filter(([name]) => !known.has(name))),
  };
}

/** The shortest query string for a view, without its question mark: what has its default is left out. */
export function writeView(view: View): string {
  const search = new URLSearchParams();
  if (view.filter !== "") search.set("filter", view.filter);
  if (view.span.kind === "between") {
    search.set("from", writeTime(view.span.startSeconds));
    search.set("to", writeTime(view.span.endSeconds));
  } else if (defaultSpan.kind !== "last" || view.span.seconds !== defaultSpan.seconds) {
    search.set("range", writeLast(view.span.seconds));
  }
  if (view.select !== undefined) search.set("select", view.select);
  if (view.colour !== "health") search.set("colour", view.colour);
  if (view.form !== "map") search.set("form", view.form);
  if (view.tab !== "waterfall") search.set("tab", view.tab);
  if (view.segment !== undefined) search.set("segment", view.segment);
  if (view.find !== "") search.set("find", view.find);
  for (const [name, value] of Object.entries(view.own)) if (value !== "") search.set(name, value);
  return search.toString();
}

/** A member that is changed to `undefined` is no longer said. */
export type ViewChange = { readonly [Member in keyof View]?: View[Member] | undefined };

export function withChange(view: View, change: ViewChange): View {
  const next: Record<string, unknown> = { ...view };
  for (const [member, value] of Object.entries(change)) {
    if (value === undefined) delete next[member];
    else next[member] = value;
  }
  return { ...emptyView, ...next };
}

/** The address of a page that looks through the same filter at the same time. */
export function pageAddress(path: string, { filter, span }: View, more: ViewChange = {}): string {
  const search = writeView(withChange({ ...emptyView, filter, span }, more));
  return search === "" ? path : `${path}?${search}`;
}

/** What a page says for itself, with other words for some of it; an empty word is left out. */
export function withOwn({ own }: View, words: Own): ViewChange {
  return { own: { ...own, ...words } };
}

export const emptyView: View = readView("");
