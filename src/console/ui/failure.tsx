import type { ReactElement } from "react";
import { Unreachable } from "../api-client.ts";

/** Something could not be read, and there is nothing of before to show instead. */
export function Failure({ error, what }: { error: Error; what: string }): ReactElement {
  return (
    <div className="empty" role="alert">
      <h2>{what}</h2>
      <p className="muted">
        {error instanceof Unreachable ? "fluoroscope does not answer. This page tries again by itself." : error.message}
      </p>
    </div>
  );
}
