import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { readStatus } from "../api-client.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { agentSnippets } from "./agent-snippets.ts";

/** How an agent is given the traces to read. */
export function AgentsSection(): ReactElement {
  const { data: status } = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => readStatus(signal) });
  const [chosen, setChosen] = useState("json");
  const all = agentSnippets(status?.addresses.http ?? window.location.origin);
  const { id, hint, text } = all.find((snippet) => snippet.id === chosen) ?? all[0]!;
  return (
    <section className="card setup-steps">
      <h2>Agents</h2>
      <p className="muted">
        Over MCP an agent reads the map, searches traces, compares two of them and explains where time went. It changes
        nothing.
      </p>
      <Tabs label="Ways to connect an agent" tabs={all} chosen={id} onChoose={setChosen} />
      <div role="tabpanel" id={`panel-${id}`} aria-labelledby={`tab-${id}`} className="snippet">
        <p className="muted">{hint}</p>
        <CopyButton text={text} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
        <pre tabIndex={0}>{text}</pre>
      </div>
    </section>
  );
}
