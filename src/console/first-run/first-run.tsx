import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactElement, Suspense } from "react";
import { Link } from "wouter";
import { endsOf } from "../address/time-span.ts";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { readGraph, readStatus, readSummaries } from "../api-client.ts";
import { useLive } from "../live/live-store.ts";
import { ImportButton } from "../timeline/import-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { Checklist } from "./checklist.tsx";
import { progressOf } from "./progress.ts";
import { SetupSteps } from "./setup-steps.tsx";
import "../styles/first-run.css";

const TracePage = lazy(() => import("../pages/trace-page.tsx").then(({ TracePage }) => ({ default: TracePage })));

/** Waits for the first trace, says how to send one, and becomes its waterfall when it lands. */
export function FirstRun(): ReactElement {
  const { view } = useView();
  const counters = useLive((live) => live.counters);
  const { data: status } = useQuery({
    queryKey: ["status"],
    queryFn: ({ signal }) => readStatus(signal),
    refetchInterval: 2_000,
  });
  const span = { kind: "last", seconds: 86_400 } as const;
  const isStored = (counters?.stored ?? 0) > 0;
  const { data: list } = useQuery({
    queryKey: ["first-traces"],
    queryFn: ({ signal }) => readSummaries({ ...endsOf(span, Date.now() / 1000 + 1), filter: "" }, signal),
    // The last of the page is the first that came; it stays the one that is shown.
    refetchInterval: ({ state }) => (isStored && !state.data?.TraceSummaries.length ? 500 : 5_000),
    enabled: isStored,
  });
  const { data: graph } = useQuery({
    queryKey: ["graph", "first-run"],
    queryFn: ({ signal }) =>
      readGraph({ ...endsOf(span, Date.now() / 1000 + 1), filter: "" }, { signal, onPartial: () => undefined }),
    enabled: isStored,
    structuralSharing: false,
  });
  const progress = progressOf(counters ?? status?.counters, list?.TraceSummaries ?? [], graph);
  const first = list?.TraceSummaries.at(-1);
  usePageTitle(first === undefined ? "Waiting for the first trace" : "First trace");

  if (first === undefined) {
    return (
      <div className="first-run page-scroll">
        <section className="waiting-card">
          <h1>
            <span className="breathing" aria-hidden="true" /> Waiting for your first trace
          </h1>
          {status !== undefined && (
            <p className="muted">
              Listening on UDP <code>{status.addresses.udp}</code> for segments, on <code>{status.addresses.http}</code>{" "}
              for the X-Ray API.
            </p>
          )}
          <Checklist progress={progress} refused={counters?.refused ?? 0} />
          <p className="have-already muted">
            Have some already? <ImportButton /> or drop one anywhere here.
          </p>
        </section>
        {status !== undefined && <SetupSteps udp={status.addresses.udp} />}
      </div>
    );
  }
  return (
    <div className="first-trace">
      <div className="arrived-bar" role="status">
        <Icon name="check" />
        <p>
          <b>Your first trace is here.</b>
        </p>
        <Checklist progress={progress} refused={counters?.refused ?? 0} />
        <Link className="button primary" href={pageAddress("/map", view)}>
          Open the map
        </Link>
      </div>
      <Suspense>
        <TracePage id={first.Id} />
      </Suspense>
    </div>
  );
}
