import { type FormEvent, type ReactElement, useState } from "react";
import type { ServiceAlert } from "../../api/wire-services.ts";
import { Field } from "../ui/field.tsx";
import { useSetAlert } from "./use-alerts.ts";

interface LimitsFormProps {
  readonly service: string;
  readonly alert: ServiceAlert | undefined;
}

/** Above which figures the service is marked here, and the webhook is told. An empty field is no limit. */
export function LimitsForm({ service, alert }: LimitsFormProps): ReactElement {
  const { save, error, isBusy } = useSetAlert();
  const known = {
    fault: alert?.faultPercent?.toString() ?? "",
    p95: alert?.p95Seconds === undefined ? "" : String(Math.round(alert.p95Seconds * 1000)),
  };
  const [typed, setTyped] = useState(known);
  const isSame = typed.fault === known.fault && typed.p95 === known.p95;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save({
      service,
      ...(typed.fault !== "" && { faultPercent: Number(typed.fault) }),
      ...(typed.p95 !== "" && { p95Seconds: Number(typed.p95) / 1000 }),
    });
  };
  return (
    <form className="limits-form" onSubmit={submit} aria-label="Limits">
      <h3>Tell when over</h3>
      <div>
        <Field label="Faults, percent">
          <input
            type="number"
            min={0}
            max={100}
            step="any"
            placeholder="no limit"
            value={typed.fault}
            onChange={(event) => setTyped({ ...typed, fault: event.target.value })}
          />
        </Field>
        <Field label="p95, ms">
          <input
            type="number"
            min={0}
            step="any"
            placeholder="no limit"
            value={typed.p95}
            onChange={(event) => setTyped({ ...typed, p95: event.target.value })}
          />
        </Field>
        <button type="submit" disabled={isSame || isBusy}>
          Save
        </button>
      </div>
      <p className="muted">Of the last five minutes; told to the webhook of --insights-webhook, if there is one.</p>
      {error !== null && (
        <p className="state-text fault" role="alert">
          {error.message}
        </p>
      )}
    </form>
  );
}
