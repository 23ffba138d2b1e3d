/** What a person does: a click, keys that are pressed, or a text that is typed, with each of its characters a key. */
export type Step =
  | { readonly click: string }
  | { readonly press: string; readonly times?: number }
  | { readonly type: string };

/** How often somebody clicks and presses a key for it. */
export function inputsOf(steps: readonly Step[]): number {
  return steps.reduce(
    (sum, step) => sum + ("click" in step ? 1 : "press" in step ? (step.times ?? 1) : step.type.length),
    0,
  );
}

/*
 * Jaeger's page is in neither its Go module (which embeds a placeholder) nor a package of npm, pip or Debian, so it is not run
 * here. These steps are read off its source (jaeger-ui, `SearchForm.tsx`, `SearchResults`, `TracePage`, `SpanDetail`), each
 * the shortest way there in a browser that has not been there before, with the words that are shortest to type:
 *
 * - "Find Traces" cannot be pressed before a service is chosen; the time is an hour, the limit 20, the newest first.
 * - A `SearchableSelect` takes a click to open and a click on what is wanted. That both are in view is assumed, in its favour.
 * - Attributes are asked for by typing `key=value`; Enter in the field finds.
 * - The order of results is a select: two clicks. A result is opened by a click, a span's details by another.
 * - In the details attributes and events are folded; each takes a click.
 * - Only the newest 20 traces are looked at where the limit is not raised; that is overlooked, in its favour.
 */
export const jaeger = {
  service: [{ click: "Service" }, { click: "orders" }],
  operation: [{ click: "Operation" }, { click: "POST /checkout" }],
  find: [{ click: "Find Traces" }],
  tags: (text: string): Step[] => [{ click: "Tags" }, { type: text }, { press: "Enter" }],
  longestFirst: [{ click: "Sort" }, { click: "Longest First" }],
  openFirst: [{ click: "the first result" }],
  openSpan: [{ click: "the span's row" }],
} as const satisfies Record<string, readonly Step[] | ((text: string) => Step[])>;
