import type { ReactElement } from "react";
import { useView } from "../address/use-view.ts";
import { withOwn } from "../address/view-address.ts";
import { type Compared, readCompared, writeCompared } from "../compare/compare-address.ts";
import { CompareSets } from "../compare/compare-sets.tsx";
import { CompareTraces } from "../compare/compare-traces.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { Segmented } from "../ui/segmented.tsx";
import "../styles/compare.css";

const kinds = [
  { id: "traces", label: "Two traces" },
  { id: "sets", label: "Two sets", hint: "Two filters, two times, two runs" },
] as const;

/** What is different: between two traces, or between two sets of them. */
export function ComparePage(): ReactElement {
  usePageTitle("Compare");
  const { view, show } = useView();
  const compared = readCompared(view);
  const change = (next: Compared): void => show((now) => withOwn(now, writeCompared(next)), "push");
  return (
    <div className="compare-page">
      <div className="compare-tools">
        <Segmented
          label="What is compared"
          choices={kinds}
          chosen={compared.kind}
          onChoose={(kind) => show((now) => withOwn(now, { by: kind === "sets" ? "sets" : "" }), "push")}
        />
        <p className="muted">
          {compared.kind === "traces"
            ? "Row by row: what took longer, and what only one of them did."
            : "What the traces of one set have in common that those of the other have not."}
        </p>
      </div>
      {compared.kind === "traces" ? (
        <CompareTraces a={compared.a} b={compared.b} order={compared.order} onChange={change} />
      ) : (
        <CompareSets a={compared.a} b={compared.b} onChange={change} />
      )}
    </div>
  );
}
