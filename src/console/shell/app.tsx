import { lazy, type ReactElement, Suspense, useEffect, useState } from "react";
import { Redirect, Route, Switch } from "wouter";
import { useView } from "../address/use-view.ts";
import { checkFilter } from "../filter-bar/check-filter.ts";
import { toggleFollowing } from "../live/live-store.ts";
import { useLiveStream } from "../live/use-live-stream.ts";
import { HomePage } from "../pages/home-page.tsx";
import { TracesPage } from "../pages/traces-page.tsx";
import { TraceDrop } from "../timeline/trace-drop.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { toggleTheme } from "../ui/theme.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { NotFound } from "./not-found.tsx";
import { PageRail } from "./page-rail.tsx";
import { shiftTime } from "./shift-time.ts";
import { openHelp, ShortcutHelp } from "./shortcut-help.tsx";
import { StatusFooter } from "./status-footer.tsx";
import { TopBar } from "./top-bar.tsx";
import { useTracePaste } from "./use-trace-paste.ts";

const MapPage = lazy(() => import("../pages/map-page.tsx").then(({ MapPage }) => ({ default: MapPage })));
const TracePage = lazy(() => import("../pages/trace-page.tsx").then(({ TracePage }) => ({ default: TracePage })));
const ComparePage = lazy(() =>
  import("../pages/compare-page.tsx").then(({ ComparePage }) => ({ default: ComparePage })),
);
const ServicesPage = lazy(() =>
  import("../pages/services-page.tsx").then(({ ServicesPage }) => ({ default: ServicesPage })),
);
const InsightsPage = lazy(() =>
  import("../pages/insights-page.tsx").then(({ InsightsPage }) => ({ default: InsightsPage })),
);
const SettingsPage = lazy(() =>
  import("../pages/settings-page.tsx").then(({ SettingsPage }) => ({ default: SettingsPage })),
);

const CommandPalette = lazy(() =>
  import("./command-palette.tsx").then(({ CommandPalette }) => ({ default: CommandPalette })),
);

/** Pages whose filter decides what the live stream tells of. */
const filtered = ["/map", "/traces", "/services"];

/** The whole console: where to go, what to look for, what is found, and how the server is. */
export function App(): ReactElement {
  const { path, view, show, go } = useView();
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const shift = (step: -1 | 1): void =>
    show(({ span }) => ({ span: shiftTime(span, step, Date.now() / 1000) }), "push");
  const isRight = checkFilter(view.filter) === undefined;
  const retry = useLiveStream(filtered.includes(path) && isRight ? view.filter : "");
  useShortcuts(
    {
      "?": openHelp,
      "/": () => document.querySelector<HTMLInputElement>("#filter")?.focus(),
      "g m": () => go("/map"),
      "g t": () => go("/traces"),
      "g c": () => go("/compare"),
      "g v": () => go("/services"),
      "g i": () => go("/insights"),
      "g s": () => go("/settings"),
      "g p": () => go("/settings/problems"),
      "[": () => shift(-1),
      "]": () => shift(1),
      t: toggleTheme,
      l: toggleFollowing,
    },
    "everywhere",
  );
  useTracePaste((id) => go(`/trace/${id}`));
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // With Ctrl or Cmd it is no single key: it works while one types, too.
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      setPaletteOpen((isOpen) => !isOpen);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <PageRail />
      <TopBar onPalette={() => setPaletteOpen(true)} />
      <ConnectionBanner onRetry={retry} />
      <main id="main" tabIndex={-1}>
        <Suspense>
          <Switch>
            <Route path="/" component={HomePage} />
            <Route path="/map" component={MapPage} />
            <Route path="/traces" component={TracesPage} />
            <Route path="/trace/:id">{({ id }) => <TracePage key={id} id={id} />}</Route>
            <Route path="/compare" component={ComparePage} />
            <Route path="/services" component={ServicesPage} />
            <Route path="/insights" component={InsightsPage} />
            <Route path="/settings/:section?">{({ section }) => <SettingsPage section={section} />}</Route>
            <Route path="/problems">
              <Redirect to="/settings/problems" replace />
            </Route>
            <Route path="/setup">
              <Redirect to="/settings/setup" replace />
            </Route>
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </main>
      <StatusFooter />
      <TraceDrop />
      <ShortcutHelp />
      {isPaletteOpen && (
        <Suspense>
          <CommandPalette onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
