import type { ReactElement } from "react";
import type { ColourBy, View, ViewChange } from "../address/view-address.ts";
import { Icon } from "../ui/icon.tsx";

export interface MapToolbarProps {
  readonly view: View;
  readonly onShow: (change: ViewChange) => void;
  readonly onFit: () => void;
  readonly onZoom: (factor: number) => void;
  readonly onTidy: () => void;
}

const colours: readonly { readonly by: ColourBy; readonly label: string }[] = [
  { by: "health", label: "Health" },
  { by: "p95", label: "p95" },
  { by: "rate", label: "Rate" },
];

/** How the map is shown: as a picture or in tables, coloured by what, how near. */
export function MapToolbar({ view, onShow, onFit, onZoom, onTidy }: MapToolbarProps): ReactElement {
  return (
    <div className="map-toolbar" role="toolbar" aria-label="Map">
      {view.form === "map" && (
        <>
          <fieldset className="segmented" aria-label="Colour by">
            {colours.map(({ by, label }) => (
              <button key={by} type="button" aria-pressed={view.colour === by} onClick={() => onShow({ colour: by })}>
                {label}
              </button>
            ))}
          </fieldset>
          <fieldset className="segmented" aria-label="View">
            <ToolButton label="Nearer" icon="plus" onClick={() => onZoom(1.3)} />
            <ToolButton label="Further" icon="minus" onClick={() => onZoom(1 / 1.3)} />
            <ToolButton label="Show all" icon="fit" onClick={onFit} />
            <ToolButton label="Tidy up" icon="tidy" onClick={onTidy} />
          </fieldset>
        </>
      )}
      <fieldset className="segmented" aria-label="Form">
        <button type="button" aria-pressed={view.form === "map"} onClick={() => onShow({ form: "map" })}>
          <Icon name="map" size={14} /> Map
        </button>
        <button type="button" aria-pressed={view.form === "table"} onClick={() => onShow({ form: "table" })}>
          <Icon name="table" size={14} /> Table
        </button>
      </fieldset>
    </div>
  );
}

function ToolButton(props: {
  label: string;
  icon: "plus" | "minus" | "fit" | "tidy";
  onClick: () => void;
}): ReactElement {
  return (
    <button type="button" className="icon-only" aria-label={props.label} title={props.label} onClick={props.onClick}>
      <Icon name={props.icon} size={14} />
    </button>
  );
}
