import type { ReactElement, RefObject } from "react";
import type { ColourBy, View, ViewChange } from "../address/view-address.ts";
import { Icon } from "../ui/icon.tsx";
import type { IconName } from "../ui/icon-paths.ts";
import { Popover } from "../ui/popover.tsx";
import { ExportMenu } from "./export-menu.tsx";
import type { MapHandle } from "./map-canvas.tsx";
import type { MapChoices } from "./map-choices.ts";
import { MapOptions, type MapOptionsProps } from "./map-options.tsx";
import { SearchBox, type SearchBoxProps } from "./search-box.tsx";

export interface MapToolbarProps extends MapOptionsProps {
  readonly view: View;
  readonly search: SearchBoxProps;
  readonly handle: RefObject<MapHandle | null>;
  readonly onShow: (change: ViewChange) => void;
  readonly onTidy: () => void;
  readonly mermaid: () => string;
  readonly shareAddress: () => string;
}

const colours: readonly { readonly by: ColourBy; readonly label: string }[] = [
  { by: "health", label: "Health" },
  { by: "latency", label: "Latency" },
  { by: "rate", label: "Rate" },
];

/** How the map is shown: as a picture or in tables, coloured by what, gathered how, how near. */
export function MapToolbar(props: MapToolbarProps): ReactElement {
  const { view, choices, search, handle, onShow, onTidy, mermaid, shareAddress } = props;
  const isPicture = view.form === "map";
  return (
    <div className="map-toolbar" role="toolbar" aria-label="Map">
      <SearchBox {...search} />
      {isPicture && (
        <fieldset className="segmented" aria-label="Colour by">
          {colours.map(({ by, label }) => (
            <button key={by} type="button" aria-pressed={view.colour === by} onClick={() => onShow({ colour: by })}>
              {label}
            </button>
          ))}
        </fieldset>
      )}
      <Popover
        label={`Choose what is shown: ${summaryOf(choices)}`}
        button={
          <>
            <Icon name="choices" size={14} /> <span className="wide-only">{summaryOf(choices)}</span>
          </>
        }
      >
        {() => <MapOptions {...props} />}
      </Popover>
      {isPicture && (
        <fieldset className="segmented" aria-label="View">
          <ToolButton label="Nearer" icon="plus" onClick={() => handle.current?.zoom(1.3)} />
          <ToolButton label="Further" icon="minus" onClick={() => handle.current?.zoom(1 / 1.3)} />
          <ToolButton label="Show all" icon="fit" onClick={() => handle.current?.fit()} />
          <ToolButton label="Tidy up" icon="tidy" onClick={onTidy} />
        </fieldset>
      )}
      <Popover label="Export" button={<Icon name="export" size={14} />}>
        {(close) => (
          <ExportMenu
            handle={handle}
            hasPicture={isPicture}
            mermaid={mermaid}
            shareAddress={shareAddress}
            onDone={close}
          />
        )}
      </Popover>
      <fieldset className="segmented" aria-label="Form">
        <button type="button" aria-pressed={isPicture} onClick={() => onShow({ form: "map" })}>
          <Icon name="map" size={14} /> Map
        </button>
        <button type="button" aria-pressed={!isPicture} onClick={() => onShow({ form: "table" })}>
          <Icon name="table" size={14} /> Table
        </button>
      </fieldset>
    </div>
  );
}

/** What differs from map to map, in two or three words. */
function summaryOf({ percentile, isSplit }: MapChoices): string {
  return isSplit ? `${percentile}, operations` : percentile;
}

function ToolButton(props: { label: string; icon: IconName; onClick: () => void }): ReactElement {
  return (
    <button type="button" className="icon-only" aria-label={props.label} title={props.label} onClick={props.onClick}>
      <Icon name={props.icon} size={14} />
    </button>
  );
}
