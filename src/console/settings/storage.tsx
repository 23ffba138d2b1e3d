import { useQuery } from "@tanstack/react-query";
import { type ReactElement, type ReactNode, useState } from "react";
import type { Status } from "../../api/wire.ts";
import { readStatus } from "../api-client.ts";
import { formatAge, formatBytes, formatCount, formatMoment, formatShare } from "../ui/format.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { ClearStore } from "./clear-store.tsx";
import { type Forecast, forecastUse, nearlyFull } from "./forecast-use.ts";
import { mayRemove } from "./may-remove.ts";
import { useServerSettings } from "./use-settings.ts";

/** What is kept, how much of it may be, and how that will go on. */
export function StorageSection(): ReactElement {
  const settings = useServerSettings();
  const [nowSeconds] = useState(() => Date.now() / 1000);
  const { data: status } = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => readStatus(signal) });
  if (status === undefined || settings === undefined) return <SkeletonRows />;
  const { keeps } = settings;
  const { bytes, traces, segments, oldestSeconds } = status.store;
  if (keeps.maxBytes === undefined) {
    return (
      <section className="card">
        <h2>What is kept</h2>
        <p className="muted">This server keeps nothing itself: the traces are those of {status.upstream?.name}.</p>
      </section>
    );
  }
  const forecast = forecastUse(status.store, keeps, nowSeconds);
  const share = bytes / keeps.maxBytes;
  return (
    <section className="card">
      <h2>What is kept</h2>
      <div className="meter-line">
        <meter
          min={0}
          max={keeps.maxBytes}
          high={nearlyFull * keeps.maxBytes}
          value={bytes}
          aria-label="Use of the store"
          className={share >= nearlyFull ? "near" : ""}
        />
        <p className="tabular">
          <b>{formatBytes(bytes)}</b> of {formatBytes(keeps.maxBytes)} ({formatShare(bytes, keeps.maxBytes)})
        </p>
      </div>
      {share >= nearlyFull && (
        <p className="state-text error">Nearly full: from there on the oldest traces make room for new ones.</p>
      )}
      <dl className="fields wide">
        <Field name="Holds">
          {formatCount(traces)} traces, {formatCount(segments)} segments
        </Field>
        {status.tailSampling !== undefined && <Field name="Tail sampling">{tailWords(status.tailSampling)}</Field>}
        {oldestSeconds !== undefined && <Field name="Since">{formatMoment(oldestSeconds).replace(/\.\d+$/, "")}</Field>}
        <Field name="Forecast">{forecastWords(forecast)}</Field>
        <Field name="Kept for">
          {formatAge(keeps.retentionSeconds ?? 0)} <span className="muted">(--retention)</span>
        </Field>
        <Field name="At most">
          {formatBytes(keeps.maxBytes)} <span className="muted">(--max-size)</span>
        </Field>
        <Field name="Where">
          {keeps.dataDir === undefined ? (
            <>
              in memory <span className="muted">(--ephemeral): gone when fluoroscope ends</span>
            </>
          ) : (
            <code className="breaks">{keeps.dataDir}</code>
          )}
        </Field>
        {keeps.freeBytes !== undefined && <Field name="Free there">{formatBytes(keeps.freeBytes)}</Field>}
      </dl>
      {traces > 0 && mayRemove(settings) && <ClearStore traces={traces} bytes={bytes} oldestSeconds={oldestSeconds} />}
    </section>
  );
}

function Field({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}

const limits: Readonly<Record<Forecast["limitedBy"], string>> = {
  age: "older traces go as fast as new ones come",
  size: "the oldest traces make room for new ones",
  disk: "the disk is full: give it room, or keep less",
};

function tailWords({
  rules,
  rest,
  droppedTraces,
  waitingTraces,
  earlyTraces,
}: NonNullable<Status["tailSampling"]>): string {
  const kept = rules.reduce((sum, { keptTraces }) => sum + keptTraces, rest.keptTraces);
  const wanted = [...rules.map(({ rule }) => rule), `${Number((rest.share * 100).toFixed(2))}% of the rest`].join("; ");
  const early = earlyTraces > 0 ? `, ${formatCount(earlyTraces)} decided before their time (see --hold-bytes)` : "";
  const done = `${formatCount(kept)} kept, ${formatCount(droppedTraces)} dropped, ${formatCount(waitingTraces)} waiting`;
  return `keeps ${wanted}. Since the start: ${done}${early}`;
}

function forecastWords(forecast: Forecast | undefined): string {
  if (forecast === undefined) return "not yet: too little has come";
  const { bytesPerSecond, inSeconds, settlesAtBytes, limitedBy } = forecast;
  const pace = `${formatBytes(Math.round(bytesPerSecond * 86_400))} a day`;
  if (inSeconds === 0) return `${pace}; it stays at this size, since ${limits[limitedBy]}`;
  return `${pace}; in ${formatAge(inSeconds)} at ${formatBytes(Math.round(settlesAtBytes))}, then ${limits[limitedBy]}`;
}
