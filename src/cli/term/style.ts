import pc from "picocolors";

/** How things are drawn: decided once from the terminal and its environment, then handed to every drawing function. */
export interface Style {
  /** Columns; no line is wider. */
  readonly width: number;
  readonly paint: Paint;
  readonly glyphs: Glyphs;
  /** Text that leads to a URL where the terminal can do that; elsewhere the text alone. */
  readonly hyperlink: (text: string, url: string) => string;
}

/** What a node or a call is like; worst first. Never told by colour alone: each has a mark of its own. */
export const states = ["fault", "throttle", "error", "ok"] as const;
export type State = (typeof states)[number];

type Painter = (text: string) => string;

interface Paint extends Readonly<Record<State, Painter>> {
  readonly dim: Painter;
  readonly bold: Painter;
  readonly link: Painter;
}

export interface Glyphs {
  readonly isAscii: boolean;
  readonly marks: Readonly<Record<State, string>>;
  /** A line's piece by where it goes: 1 up, 2 right, 4 down, 8 left, added up. */
  readonly lines: readonly string[];
  readonly arrow: string;
  readonly back: string;
  readonly ellipsis: string;
  /** Filled from the left: nothing, one eighth, … the whole cell. */
  readonly eighths: readonly string[];
  readonly rightHalf: string;
  /** From nothing to full height. */
  readonly levels: readonly string[];
  /** Still running. */
  readonly shade: string;
  readonly times: string;
  readonly none: string;
  readonly check: string;
  readonly branch: string;
  readonly lastBranch: string;
  readonly trunk: string;
}

const unicode: Glyphs = {
  isAscii: false,
  marks: { fault: "✖", throttle: "‖", error: "▲", ok: "●" },
  lines: [..." ╵╶└╷│┌├╴┘─┴┐┤┬┼"],
  arrow: "▶",
  back: "↩",
  ellipsis: "…",
  eighths: [..." ▏▎▍▌▋▊▉█"],
  rightHalf: "▐",
  levels: [..." ▁▂▃▄▅▆▇█"],
  shade: "░",
  times: "×",
  none: "–",
  check: "✓",
  branch: "├ ",
  lastBranch: "└ ",
  trunk: "│ ",
};

const ascii: Glyphs = {
  isAscii: true,
  marks: { fault: "x", throttle: "=", error: "!", ok: "o" },
  lines: [..." |-+||++-+-+++++"],
  arrow: ">",
  back: "<-",
  ellipsis: "~",
  eighths: [..." .:::####"],
  rightHalf: "#",
  levels: [..." .:-=+*#@"],
  shade: "=",
  times: "x",
  none: "-",
  check: "+",
  branch: "|-",
  lastBranch: "`-",
  trunk: "| ",
};

export interface StyleOptions {
  readonly columns?: number;
  readonly colour?: boolean;
  readonly ascii?: boolean;
  /** The terminal takes OSC 8 links. */
  readonly links?: boolean;
}

/** Without options: 80 columns, no colour, no links. Widths are kept between 40 and 200. */
export function makeStyle(options: StyleOptions = {}): Style {
  const { columns = 80, colour = false, ascii: isAscii = false, links = false } = options;
  const colours = pc.createColors(colour);
  return {
    width: Math.max(40, Math.min(200, columns)),
    paint: {
      fault: colours.red,
      error: colours.yellow,
      throttle: colours.magenta,
      ok: colours.green,
      dim: colours.dim,
      bold: colours.bold,
      link: colours.cyan,
    },
    glyphs: isAscii ? ascii : unicode,
    hyperlink: links ? hyperlink : (text) => text,
  };
}

/** What is no URL, or a URL of another kind than a console's, leads nowhere. */
function hyperlink(text: string, url: string): string {
  if (!URL.canParse(url)) return text;
  const { href, protocol } = new URL(url);
  // A parsed URL has no character that could end the sequence early.
  return /^https?:$/.test(protocol) ? `\u001b]8;;${href}\u001b\\${text}\u001b]8;;\u001b\\` : text;
}

/** A state's mark in its colour. */
export function mark(state: State, { glyphs, paint }: Style): string {
  return paint[state](glyphs.marks[state]);
}

/** The worst of some states. */
export function worst(found: Iterable<State>): State {
  const present = new Set(found);
  return states.find((state) => present.has(state)) ?? "ok";
}

/** The state that flags tell: fault before throttle before error. */
export function stateOf(flags: {
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttle: boolean;
}): State {
  if (flags.fault) return "fault";
  if (flags.throttle) return "throttle";
  return flags.error ? "error" : "ok";
}
