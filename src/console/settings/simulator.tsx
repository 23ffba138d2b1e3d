import { type ReactElement, useState } from "react";
import type { SamplingRule } from "../../sampling/rule.ts";
import { Field } from "../ui/field.tsx";
import { ruleRecords } from "./rule-words.ts";
import { type RuleMember, type RuleVerdict, recordedPerSecond, simulateRequest } from "./simulate-request.ts";

const fields = [
  ["serviceName", "Service", "orders"],
  ["httpMethod", "Method", "GET"],
  ["host", "Host", "shop.example"],
  ["urlPath", "Path", "/cart/42"],
  ["serviceType", "Type", "AWS::ECS::Container"],
] as const;

const memberNames: Readonly<Record<RuleMember, string>> = {
  serviceName: "service",
  httpMethod: "method",
  host: "host",
  urlPath: "path",
  serviceType: "type",
};

/** Says which rule a request would hit, by the same code that samplers run. */
export function Simulator({ rules }: { rules: readonly SamplingRule[] }): ReactElement {
  const [request, setRequest] = useState<Readonly<Partial<Record<RuleMember, string>>>>({});
  const [perSecond, setPerSecond] = useState(100);
  const verdicts = simulateRequest(rules, request);
  const isEmpty = fields.every(([member]) => !request[member]);
  const hit = verdicts.find(({ outcome }) => outcome === "decides");
  return (
    <section className="card">
      <h2>Which rule would a request hit?</h2>
      <form className="settings-form plain" onSubmit={(event) => event.preventDefault()} aria-label="Request to try">
        <div className="form-fields">
          {fields.map(([member, label, example]) => (
            <Field key={member} label={label}>
              <input
                className="mono"
                placeholder={example}
                value={request[member] ?? ""}
                onChange={(event) => setRequest({ ...request, [member]: event.target.value })}
                spellCheck={false}
              />
            </Field>
          ))}
          <Field label="Requests a second">
            <input
              type="number"
              min={0}
              value={perSecond}
              onChange={(event) => setPerSecond(Math.max(0, event.target.valueAsNumber || 0))}
            />
          </Field>
        </div>
      </form>
      <p className="verdict-line" role="status">
        {isEmpty ? (
          <span className="muted">Say what you know of it: what is left empty fits every pattern.</span>
        ) : hit === undefined ? (
          "No rule is for it."
        ) : (
          <>
            <b>{hit.rule.name}</b> decides, and records {ruleRecords(hit.rule)}:{" "}
            <span className="tabular">
              about {Number(recordedPerSecond(hit.rule, perSecond).toPrecision(3))} of {perSecond} a second.
            </span>
          </>
        )}
      </p>
      <ol className="verdicts">
        {(isEmpty ? [] : verdicts).map((verdict) => (
          <li key={verdict.rule.name} className={verdict.outcome === "decides" ? "decides" : "muted"}>
            <b>{verdict.rule.name}</b> <span>{verdictWords(verdict)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function verdictWords({ outcome, misfits }: RuleVerdict): string {
  if (outcome === "does not fit") return `does not fit: ${misfits.map((member) => memberNames[member]).join(", ")}`;
  if (outcome === "not reached") return misfits.length === 0 ? "would fit, but is tried later" : "is tried later";
  if (outcome === "not for SDKs") return "is passed over: it is about attributes or one resource";
  return "decides";
}
