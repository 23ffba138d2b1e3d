import type { ReactElement } from "react";
import { usePageTitle } from "../ui/page-title.ts";

/** Compare. */
export function ComparePage(): ReactElement {
  usePageTitle("Compare");
  return <h1 className="unseen">Compare</h1>;
}
