import { type ReactElement, useState } from "react";
import { CopyButton } from "../ui/copy-button.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { snippets } from "./snippets.ts";

/** What to paste where, so that traces come. */
export function SetupSteps({ udp }: { udp: string }): ReactElement {
  const all = snippets(udp);
  const [chosen, setChosen] = useState("call");
  const { id, hint, text } = all.find((snippet) => snippet.id === chosen) ?? all[0]!;
  return (
    <section className="setup-steps" aria-label="Send a trace">
      <Tabs label="Ways to send a trace" tabs={all} chosen={id} onChoose={setChosen} />
      <div role="tabpanel" id={`panel-${id}`} aria-labelledby={`tab-${id}`}>
        <div className="snippet">
          <p className="muted">{hint}</p>
          <CopyButton text={text} />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
          <pre tabIndex={0}>{text}</pre>
        </div>
      </div>
    </section>
  );
}
