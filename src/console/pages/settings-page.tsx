import type { ReactElement } from "react";
import { ProblemsPage } from "./problems-page.tsx";
import { SetupPage } from "./setup-page.tsx";

/** What this server keeps, samples and admits; what it refused; how to send to it. */
export function SettingsPage({ section = "setup" }: { section?: string | undefined }): ReactElement {
  return section === "problems" ? <ProblemsPage /> : <SetupPage />;
}
