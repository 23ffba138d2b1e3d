import { type ReactElement, useState } from "react";
import { defaultRule, inOrder, isForSdks, type SamplingRule } from "../../sampling/rule.ts";
import { DeleteButton } from "../ui/delete-button.tsx";
import { Failure } from "../ui/failure.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { RuleForm } from "./rule-form.tsx";
import { readRule, ruleMatches, ruleRecords, writeRule } from "./rule-words.ts";
import { Simulator } from "./simulator.tsx";
import { useChange, useSamplingRules } from "./use-settings.ts";

/** How many requests SDKs record: the rules, and what they would make of a request. */
export function SamplingSection({ mayChange }: { mayChange: boolean }): ReactElement {
  const { rules: records, error } = useSamplingRules();
  const [edited, setEdited] = useState<string>();
  const change = useChange("sampling-rules");
  if (records === undefined) {
    return error === null ? <SkeletonRows /> : <Failure error={error} what="The rules cannot be read" />;
  }
  const rules = inOrder(records.map(readRule));
  const isNew = edited === "";
  const edit = (name: string | undefined): void => {
    change.reset();
    setEdited(name);
  };
  const save = (rule: SamplingRule): void => {
    const wire = writeRule(rule);
    const isDefault = rule.name === defaultRule.name;
    const { RuleName, FixedRate, ReservoirSize } = wire;
    const request = isNew
      ? { path: "/CreateSamplingRule", body: { SamplingRule: { ...wire, Version: 1 } } }
      : {
          path: "/UpdateSamplingRule",
          body: { SamplingRuleUpdate: isDefault ? { RuleName, FixedRate, ReservoirSize } : wire },
        };
    change.mutate(request, { onSuccess: () => edit(undefined) });
  };
  return (
    <>
      <section className="card">
        <header>
          <h2>Sampling rules</h2>
          {mayChange && !isNew && (
            <button type="button" onClick={() => edit("")}>
              New rule
            </button>
          )}
        </header>
        <p className="muted">
          The first rule that fits a request decides how many of its kind are recorded. SDKs hear of a change within
          seconds.
        </p>
        {isNew && (
          <RuleForm isBusy={change.isPending} error={change.error} onSave={save} onCancel={() => edit(undefined)} />
        )}
        <table className="plain" aria-label="Sampling rules">
          <thead>
            <tr>
              <th scope="col" className="number priority">
                Priority
              </th>
              <th scope="col">Rule</th>
              <th scope="col">For</th>
              <th scope="col">Records</th>
              {mayChange && <th scope="col">Change</th>}
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.name}>
                <td className="number priority">{rule.priority}</td>
                <th scope="row" className="breaks">
                  {rule.name}
                  {!isForSdks(rule) && <span className="tag warn">not for SDKs</span>}
                </th>
                <td className="breaks mono">{ruleMatches(rule)}</td>
                <td>{ruleRecords(rule)}</td>
                {mayChange && (
                  <td className="row-buttons">
                    <button
                      type="button"
                      className="quiet"
                      aria-label={`Edit ${rule.name}`}
                      onClick={() => edit(rule.name)}
                    >
                      Edit
                    </button>
                    {rule.name !== defaultRule.name && (
                      <DeleteButton
                        name={rule.name}
                        onDelete={() => change.mutate({ path: "/DeleteSamplingRule", body: { RuleName: rule.name } })}
                      />
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
        {edited !== undefined && !isNew && (
          <RuleForm
            key={edited}
            rule={rules.find(({ name }) => name === edited) ?? defaultRule}
            isBusy={change.isPending}
            error={change.error}
            onSave={save}
            onCancel={() => edit(undefined)}
          />
        )}
        {edited === undefined && change.error !== null && (
          <p className="state-text fault" role="alert">
            {change.error.message}
          </p>
        )}
      </section>
      <Simulator rules={rules} />
    </>
  );
}
