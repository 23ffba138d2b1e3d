import type { ReactElement } from "react";

/** A screen on which a call shows through: two services and what runs between them. */
export function Logo(): ReactElement {
  return (
    <svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" className="logo-mark">
      <circle cx="14" cy="14" r="12.5" className="logo-screen" />
      <path d="M8.5 17.5C11.5 17.5 11 10.5 14 10.5S16.5 17.5 19.5 14" className="logo-trace" />
      <circle cx="8" cy="17.5" r="2.2" className="logo-node" />
      <circle cx="20" cy="13.6" r="2.2" className="logo-node" />
    </svg>
  );
}
