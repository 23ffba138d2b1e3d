import type { ReactElement } from "react";
import { Link } from "wouter";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { useLive } from "../live/live-store.ts";
import { AccessSection } from "../settings/access.tsx";
import { AgentsSection } from "../settings/agents.tsx";
import { GroupsSection } from "../settings/groups.tsx";
import { ProblemsSection } from "../settings/problems.tsx";
import { SamplingSection } from "../settings/sampling.tsx";
import { SetupSection } from "../settings/setup.tsx";
import { StorageSection } from "../settings/storage.tsx";
import { ThisBrowserSection } from "../settings/this-browser.tsx";
import { useServerSettings } from "../settings/use-settings.ts";
import { usePageTitle } from "../ui/page-title.ts";
import { ScrollArea } from "../ui/scroll-area.tsx";
import "../styles/first-run.css";
import "../styles/settings.css";

const sections = [
  { id: "storage", label: "Storage" },
  { id: "sampling", label: "Sampling" },
  { id: "groups", label: "Groups" },
  { id: "access", label: "Access keys" },
  { id: "problems", label: "Problems" },
  { id: "setup", label: "Set up" },
  { id: "agents", label: "Agents" },
  { id: "browser", label: "This browser" },
] as const;

type SectionId = (typeof sections)[number]["id"];

/** What this server keeps, samples and admits; what it refused; how to send to it and ask it. */
export function SettingsPage({ section }: { section?: string | undefined }): ReactElement {
  const { view } = useView();
  const refused = useLive((live) => live.counters?.refused ?? 0);
  const chosen = sections.find(({ id }) => id === section) ?? sections[0];
  usePageTitle(chosen.label);
  return (
    <div className="settings-page">
      <nav aria-label="Settings">
        <ul>
          {sections.map(({ id, label }) => (
            <li key={id}>
              <Link href={pageAddress(`/settings/${id}`, view)} aria-current={id === chosen.id ? "page" : undefined}>
                {label}
                {id === "problems" && refused > 0 && (
                  <span className="count tabular">{refused > 99 ? "99+" : refused}</span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <ScrollArea label={chosen.label} className="settings-body">
        <Section id={chosen.id} />
      </ScrollArea>
    </div>
  );
}

function Section({ id }: { id: SectionId }): ReactElement {
  // Who may only read is shown no buttons that would be refused.
  const mayChange = (useServerSettings()?.access.granted ?? "all") === "all";
  switch (id) {
    case "storage":
      return <StorageSection />;
    case "sampling":
      return <SamplingSection mayChange={mayChange} />;
    case "groups":
      return <GroupsSection mayChange={mayChange} />;
    case "access":
      return <AccessSection />;
    case "problems":
      return <ProblemsSection />;
    case "setup":
      return <SetupSection />;
    case "agents":
      return <AgentsSection />;
    case "browser":
      return <ThisBrowserSection />;
  }
}
