import type { Size } from "./viewport.ts";

/** How large a service is drawn, and a closed group. */
export const cardSize: Size = { width: 214, height: 70 };

/** Clients have no figures, and need less room. */
export const pillSize: Size = { width: 128, height: 44 };
