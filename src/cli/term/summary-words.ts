import type { WireTraceSummary } from "../../api/wire.ts";
import { cleanText } from "./clean-text.ts";
import { duration } from "./format.ts";
import { type Glyphs, type State, stateOf } from "./style.ts";

/** What a list says of a trace, each part ready to print. */
export interface SummaryWords {
  readonly at: string;
  readonly state: State;
  readonly status: string;
  /** With a `+` while not all has arrived. */
  readonly time: string;
  /** What was asked of whom. */
  readonly asked: string;
  readonly id: string;
}

/** A trace's summary in words. */
export function summaryWords(summary: WireTraceSummary, glyphs: Glyphs): SummaryWords {
  const { Id, StartTime, HasFault, HasError, HasThrottle, Http, ResponseTime, Duration, IsPartial, EntryPoint } =
    summary;
  const path = URL.canParse(Http.HttpURL ?? "") ? new URL(Http.HttpURL!).pathname : Http.HttpURL;
  const asked = [Http.HttpMethod, path, EntryPoint?.Name].filter((part) => (part ?? "") !== "").join(" ");
  return {
    at: new Date(StartTime * 1_000).toTimeString().slice(0, 8),
    state: stateOf({ fault: HasFault, error: HasError, throttle: HasThrottle }),
    status: String(Http.HttpStatus ?? glyphs.none),
    time: `${duration((ResponseTime ?? Duration) * 1_000)}${IsPartial ? "+" : ""}`,
    asked: cleanText(asked, glyphs),
    id: cleanText(Id, glyphs),
  };
}
