import type { ReactElement } from "react";
import { type IconName, iconPaths } from "./icon-paths.ts";

/** A line drawing. It says nothing by itself: what stands beside it, or its button's label, does. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={iconPaths[name]} />
    </svg>
  );
}
