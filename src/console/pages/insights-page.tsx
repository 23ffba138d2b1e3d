import type { ReactElement } from "react";
import { usePageTitle } from "../ui/page-title.ts";

/** Insights. */
export function InsightsPage(): ReactElement {
  usePageTitle("Insights");
  return <h1 className="unseen">Insights</h1>;
}
