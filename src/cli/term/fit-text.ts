import stringWidth from "string-width";
import type { Glyphs } from "./style.ts";

/** Columns that a text takes; colours take none, wide characters two. */
export const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text));

/** Cut to a number of columns, the cut shown by an ellipsis. For text without colours: paint after fitting. */
export function cut(text: string, width: number, glyphs: Glyphs): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return "";
  let kept = "";
  let taken = 1;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const more = stringWidth(segment);
    if (taken + more > width) break;
    kept += segment;
    taken += more;
  }
  return kept + glyphs.ellipsis;
}

/** Cut in the middle, where both ends matter, as in a URL. */
export function cutMiddle(text: string, width: number, glyphs: Glyphs): string {
  const isFitting = widthOf(text) <= width;
  // Wide characters are rare here; where they stand the end is cut, which always fits.
  if (isFitting || width < 8 || !isPlain(text)) return isFitting ? text : cut(text, width, glyphs);
  const tail = Math.floor((width - 1) / 3);
  return text.slice(0, width - 1 - tail) + glyphs.ellipsis + text.slice(-tail);
}

/** The lines of a deep tree, which lose their left part where they would take more than their share. */
export function cutPrefix(prefix: string, width: number, glyphs: Glyphs): string {
  return prefix.length <= width ? prefix : glyphs.ellipsis + prefix.slice(1 - Math.max(2, width));
}

/** Filled with blanks on the right. */
export const padEnd = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));

/** Filled with blanks on the left. */
export const padStart = (text: string, width: number): string => " ".repeat(Math.max(0, width - widthOf(text))) + text;

/** Two texts at both ends of a line of a given width, at least two blanks between them. */
export function spread(left: string, right: string, width: number): string {
  return left + " ".repeat(Math.max(2, width - widthOf(left) - widthOf(right))) + right;
}

/** Broken between words into lines of a width; a word that is longer is broken where the line ends. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    let rest = word;
    if (line !== "" && widthOf(line) + 1 + widthOf(rest) > width) {
      lines.push(line);
      line = "";
    }
    while (widthOf(rest) > width) {
      lines.push([...rest].slice(0, width).join(""));
      rest = [...rest].slice(width).join("");
    }
    line = line === "" ? rest : `${line} ${rest}`;
  }
  return line === "" ? lines : [...lines, line];
}

/** Each character takes one column: ASCII, and what trees, bars and marks are drawn with. Asking for others takes a while. */
const isPlain = (text: string): boolean => /^[\x20-\x7e·×‖–…→↩✓✖\u2500-\u25cf]*$/.test(text);
