import type { KeyboardEvent, ReactElement } from "react";
import { type Heatmap, rowStart } from "../../analysis/heatmap.ts";
import { formatDuration, formatTime } from "../ui/format.ts";
import type { HeatBox } from "./heat-box.ts";
import type { HeatScale } from "./heat-scale.ts";

export interface HeatHandlesProps {
  readonly heatmap: Heatmap;
  readonly scale: HeatScale;
  readonly box: HeatBox | undefined;
  readonly onMove: (box: HeatBox | undefined) => void;
  readonly onChoose: (box: HeatBox) => void;
}

type Edge = keyof HeatBox;

const names: Readonly<Record<Edge, string>> = {
  fromColumn: "From",
  toColumn: "To",
  fromRow: "Shortest duration",
  toRow: "Longest duration",
};
const edges = ["fromColumn", "toColumn", "fromRow", "toRow"] as const satisfies readonly Edge[];
/** How far a page key goes. */
const leap = 10;

/** The four edges of a part as sliders: arrows move them, Enter narrows down to what is between, Escape lets go. */
export function HeatHandles({ heatmap, scale, box, onMove, onChoose }: HeatHandlesProps): ReactElement {
  const whole: HeatBox = {
    fromColumn: 0,
    toColumn: heatmap.columns - 1,
    fromRow: scale.lowRow,
    toRow: scale.highRow,
  };
  const now = box ?? whole;

  const onKeyDown = (edge: Edge) => (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") onChoose(now);
    else if (event.key === "Escape" && box !== undefined) onMove(undefined);
    else {
      const [least, most] = boundsOf(edge, now, whole);
      const step = stepOf(event.key, now[edge], least, most);
      if (step === undefined) return;
      onMove({ ...now, [edge]: Math.min(most, Math.max(least, now[edge] + step)) });
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <fieldset className="heat-handles" aria-label="Part of the heatmap; Enter narrows down to it">
      {edges.map((edge) => {
        const isTime = edge === "fromColumn" || edge === "toColumn";
        const [least, most] = boundsOf(edge, now, whole);
        return (
          <span
            key={edge}
            role="slider"
            tabIndex={0}
            className={isTime ? "heat-handle time" : "heat-handle duration"}
            aria-label={names[edge]}
            aria-orientation={isTime ? "horizontal" : "vertical"}
            aria-valuemin={least}
            aria-valuemax={most}
            aria-valuenow={now[edge]}
            aria-valuetext={valueText(edge, now, heatmap)}
            style={placeOf(edge, now, scale)}
            onKeyDown={onKeyDown(edge)}
            onFocus={() => onMove(now)}
            onBlur={() => onMove(undefined)}
          />
        );
      })}
    </fieldset>
  );
}

/** An edge does not pass the one on the other side. */
function boundsOf(edge: Edge, box: HeatBox, whole: HeatBox): readonly [number, number] {
  switch (edge) {
    case "fromColumn":
      return [whole.fromColumn, box.toColumn];
    case "toColumn":
      return [box.fromColumn, whole.toColumn];
    case "fromRow":
      return [whole.fromRow, box.toRow];
    case "toRow":
      return [box.fromRow, whole.toRow];
  }
}

function stepOf(key: string, at: number, least: number, most: number): number | undefined {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return -1;
    case "ArrowRight":
    case "ArrowUp":
      return 1;
    case "PageDown":
      return -leap;
    case "PageUp":
      return leap;
    case "Home":
      return least - at;
    case "End":
      return most - at;
    default:
      return undefined;
  }
}

function valueText(edge: Edge, box: HeatBox, { startSeconds, columnSeconds }: Heatmap): string {
  switch (edge) {
    case "fromColumn":
      return formatTime(startSeconds + box.fromColumn * columnSeconds);
    case "toColumn":
      return formatTime(startSeconds + (box.toColumn + 1) * columnSeconds);
    case "fromRow":
      return formatDuration(rowStart(box.fromRow));
    case "toRow":
      return formatDuration(rowStart(box.toRow + 1));
  }
}

function placeOf(edge: Edge, box: HeatBox, scale: HeatScale): { left: number; top: number } {
  const [left, right] = [scale.x(box.fromColumn), scale.x(box.toColumn + 1)];
  const [upper, lower] = [scale.y(box.toRow), scale.y(box.fromRow - 1)];
  const middle = { left: (left + right) / 2, top: (upper + lower) / 2 };
  switch (edge) {
    case "fromColumn":
      return { left, top: middle.top };
    case "toColumn":
      return { left: right, top: middle.top };
    case "fromRow":
      return { left: middle.left, top: lower };
    case "toRow":
      return { left: middle.left, top: upper };
  }
}
