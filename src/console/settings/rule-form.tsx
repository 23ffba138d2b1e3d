import { type FormEvent, type ReactElement, useState } from "react";
import { brokenLimit, defaultRule, type SamplingRule } from "../../sampling/rule.ts";
import { Field } from "../ui/field.tsx";

export interface RuleFormProps {
  /** The rule to change; absent for a new one. */
  readonly rule?: SamplingRule;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly onSave: (rule: SamplingRule) => void;
  readonly onCancel: () => void;
}

const patterns = [
  ["serviceName", "Service"],
  ["httpMethod", "Method"],
  ["host", "Host"],
  ["urlPath", "Path"],
  ["serviceType", "Type"],
] as const;

/** A sampling rule to fill in: which requests, and how many of them are recorded. */
export function RuleForm({ rule, isBusy, error, onSave, onCancel }: RuleFormProps): ReactElement {
  const [draft, setDraft] = useState(rule ?? { ...defaultRule, name: "", priority: 100, fixedRate: 0.1 });
  const isDefault = rule?.name === defaultRule.name;
  const broken = draft.name === "" ? undefined : brokenLimit(draft);
  const set = (change: Partial<SamplingRule>): void => setDraft({ ...draft, ...change });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (draft.name !== "" && broken === undefined) onSave(draft);
  };
  return (
    <form className="settings-form" onSubmit={save} aria-label={rule === undefined ? "New rule" : `Rule ${rule.name}`}>
      <div className="form-fields">
        {rule === undefined && (
          <Field label="Name">
            <input value={draft.name} onChange={(event) => set({ name: event.target.value })} maxLength={32} required />
          </Field>
        )}
        {!isDefault && (
          <Field label="Priority" hint="The smallest is tried first">
            <input
              type="number"
              min={1}
              max={9_999}
              value={draft.priority}
              onChange={(event) => set({ priority: event.target.valueAsNumber || 0 })}
            />
          </Field>
        )}
        <Field label="Reservoir" hint="Recorded each second, before the rate">
          <input
            type="number"
            min={0}
            value={draft.reservoirSize}
            onChange={(event) => set({ reservoirSize: event.target.valueAsNumber || 0 })}
          />
        </Field>
        <Field label="Rate, in percent" hint="Of the rest">
          <input
            type="number"
            min={0}
            max={100}
            step="any"
            value={Number((draft.fixedRate * 100).toFixed(4))}
            onChange={(event) => set({ fixedRate: (event.target.valueAsNumber || 0) / 100 })}
          />
        </Field>
        {!isDefault &&
          patterns.map(([member, label]) => (
            <Field key={member} label={label} hint="* is any text, ? any character">
              <input
                className="mono"
                value={draft[member]}
                onChange={(event) => set({ [member]: event.target.value })}
                spellCheck={false}
              />
            </Field>
          ))}
      </div>
      {broken !== undefined && <p className="state-text fault">{broken}</p>}
      {error !== null && (
        <p className="state-text fault" role="alert">
          {error.message}
        </p>
      )}
      <p className="form-buttons">
        <button type="submit" className="primary" disabled={isBusy || draft.name === "" || broken !== undefined}>
          {rule === undefined ? "Create the rule" : "Save"}
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
