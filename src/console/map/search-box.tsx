import type { ReactElement } from "react";
import { plural } from "../ui/format.ts";

export interface SearchBoxProps {
  readonly words: string;
  /** How many services fit; absent while nothing is searched for. */
  readonly found: number | undefined;
  readonly onSearch: (words: string) => void;
  readonly onNext: () => void;
}

/** Finds services by name: the rest of the map is dimmed, Enter goes from one to the next. */
export function SearchBox({ words, found, onSearch, onNext }: SearchBoxProps): ReactElement {
  return (
    <div className="map-search">
      <input
        type="search"
        id="map-search"
        placeholder="Find a service"
        aria-label="Find a service"
        aria-keyshortcuts="f"
        value={words}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onNext();
          if (event.key === "Escape") onSearch("");
        }}
      />
      <span className="muted tabular" role="status">
        {found !== undefined && (found === 0 ? "none" : <FoundCount count={found} />)}
      </span>
    </div>
  );
}

function FoundCount({ count }: { count: number }): ReactElement {
  return (
    <>
      {count}
      <span className="unseen"> {plural(count, "service fits", "services fit").replace(/^\S+ /, "")}</span>
    </>
  );
}
