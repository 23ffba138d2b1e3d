import type { ReactElement } from "react";
import { usePageTitle } from "../ui/page-title.ts";

/** Services. */
export function ServicesPage(): ReactElement {
  usePageTitle("Services");
  return <h1 className="unseen">Services</h1>;
}
