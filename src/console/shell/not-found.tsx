import type { ReactElement } from "react";
import { Link } from "wouter";
import { usePageTitle } from "../ui/page-title.ts";

/** An address that leads nowhere. */
export function NotFound(): ReactElement {
  usePageTitle("Not found");
  return (
    <div className="empty">
      <h1>There is no such page</h1>
      <p className="actions">
        <Link className="button" href="/map">
          Open the map
        </Link>
      </p>
    </div>
  );
}
