import type { ReactElement } from "react";
import { type Grouping, groupings, hopsText, type MapChoices, mostHops, percentiles } from "./map-choices.ts";
import type { MapGroup } from "./map-view.ts";

export interface MapOptionsProps {
  readonly choices: MapChoices;
  /** What the map is grouped by now, chosen or not. */
  readonly grouping: Grouping;
  readonly groups: readonly MapGroup[];
  readonly onChoose: (change: Partial<MapChoices>) => void;
}

const groupingNames: Readonly<Record<Grouping, string>> = {
  none: "Nothing",
  name: "First part of the name",
  type: "Type",
  account: "Account",
  environment: "Environment",
  hub: "Callers",
};

/** What the map is about: which percentile, gathered by what, how far from a selection, services or operations. */
export function MapOptions({ choices, grouping, groups, onChoose }: MapOptionsProps): ReactElement {
  const isOpen = groups.some((group) => group.isOpen);
  const isClosed = groups.some((group) => !group.isOpen);
  return (
    <div className="map-options">
      <fieldset className="segmented">
        <legend>Time</legend>
        {percentiles.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={choices.percentile === each}
            onClick={() => onChoose({ percentile: each })}
          >
            {each}
          </button>
        ))}
      </fieldset>
      <label>
        Group by
        <select
          value={choices.group ?? "auto"}
          onChange={(event) =>
            onChoose({ group: groupings.find((each) => each === event.target.value), turned: [], part: undefined })
          }
        >
          <option value="auto">As it fits ({groupingNames[grouping].toLowerCase()})</option>
          {groupings.map((each) => (
            <option key={each} value={each}>
              {groupingNames[each]}
            </option>
          ))}
        </select>
      </label>
      {groups.length > 0 && (
        <div className="actions">
          <button
            type="button"
            disabled={!isClosed}
            onClick={() => onChoose({ turned: turnedFor(groups, true, choices) })}
          >
            Open all groups
          </button>
          <button
            type="button"
            disabled={!isOpen}
            onClick={() => onChoose({ turned: turnedFor(groups, false, choices) })}
          >
            Close all
          </button>
        </div>
      )}
      <label>
        A selection reaches
        <select
          value={hopsText(choices.hops)}
          onChange={({ target: { value } }) =>
            onChoose({ hops: value === "all" ? Number.POSITIVE_INFINITY : Number(value) })
          }
        >
          {Array.from({ length: Math.min(5, mostHops) }, (_, at) => at + 1).map((hops) => (
            <option key={hops} value={hops}>
              {hops === 1 ? "1 call far" : `${hops} calls far`}
            </option>
          ))}
          <option value="all">all callers and callees</option>
        </select>
      </label>
      <label className="switch">
        <input
          type="checkbox"
          checked={choices.isSplit && grouping !== "environment"}
          disabled={grouping === "environment"}
          onChange={(event) => onChoose({ isSplit: event.target.checked, part: undefined })}
        />
        Each operation for itself
      </label>
    </div>
  );
}

/** Keys of the groups that are to be turned so that all are open, or none. */
function turnedFor(groups: readonly MapGroup[], isOpen: boolean, { turned }: MapChoices): string[] {
  return groups
    .filter((group) => (group.isOpen === isOpen ? turned.includes(group.key) : !turned.includes(group.key)))
    .map(({ key }) => key);
}
