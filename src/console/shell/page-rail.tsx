import type { ReactElement } from "react";
import { Link } from "wouter";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { useLive } from "../live/live-store.ts";
import { formatCount } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import type { IconName } from "../ui/icon-paths.ts";
import { Logo } from "./logo.tsx";

interface Page {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** Further paths that belong to it. */
  readonly also?: RegExp;
}

const pages: readonly Page[] = [
  { path: "/map", label: "Map", icon: "map" },
  { path: "/traces", label: "Traces", icon: "traces", also: /^\/trace\// },
  { path: "/compare", label: "Compare", icon: "compare" },
  { path: "/services", label: "Services", icon: "services" },
  { path: "/insights", label: "Insights", icon: "insights" },
  { path: "/settings", label: "Settings", icon: "settings", also: /^\/settings\// },
];

/** The pages. Filter and time go along from one to the next. */
export function PageRail(): ReactElement {
  const { path, view } = useView();
  const refused = useLive((live) => live.counters?.refused ?? 0);
  return (
    <nav className="rail" aria-label="Pages">
      <Link className="logo" href={pageAddress("/map", view)} aria-label="fluoroscope">
        <Logo />
      </Link>
      <ul>
        {pages.map((page) => (
          <li key={page.path}>
            <Link
              href={pageAddress(page.path, view)}
              aria-current={page.path === path || page.also?.test(path) ? "page" : undefined}
            >
              <Icon name={page.icon} size={18} />
              <span>{page.label}</span>
              {page.path === "/settings" && refused > 0 && (
                <span className="count tabular" title={`${formatCount(refused)} documents refused`}>
                  {refused > 99 ? "99+" : refused}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
