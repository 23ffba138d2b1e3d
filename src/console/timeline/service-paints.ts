import { serviceColour } from "../ui/service-colour.ts";

/** What canvases of a trace draw with: the style sheet's own colours, as they are now. */
export interface Paints {
  /** By the number of a service. */
  readonly services: readonly string[];
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly fault: string;
  readonly error: string;
  readonly throttle: string;
  readonly face: string;
}

/** Reads the colours that hold for an element; again after the theme has changed. */
export function readPaints(element: Element, services: readonly string[]): Paints {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    services: services.map((name) => of(serviceColour(name).slice(4, -1))),
    surface: of("--surface"),
    text: of("--text"),
    muted: of("--muted"),
    line: of("--line-strong"),
    accent: of("--accent"),
    fault: of("--fault"),
    error: of("--error"),
    throttle: of("--throttle"),
    face: style.fontFamily,
  };
}
