/** An object of the wire: any member may be missing or of the wrong type. */
export type WireObject = { readonly [name: string]: unknown };

/** The value if it is an object proper (no array, no null). */
export function asObject(value: unknown): WireObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as WireObject) : undefined;
}

/** The value if it is a text that says something. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A text, or a number where some sender writes an account or a user as one. */
export function asTextOrNumber(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : asText(value);
}

/** A whole number, also where a sender writes it as text (`"25"`). */
export function asInteger(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value !== "string" || value === "" || value.length > 15) return undefined;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 48 || code > 57) return undefined;
  }
  return Number(value);
}

/** The texts of a list; anything else in it is left out. */
export function asTexts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item): item is string => typeof item === "string");
  return texts.length > 0 ? texts : undefined;
}

/** 16 hex digits in lower case, or undefined. Segment, subsegment and exception ids look the same. */
export function asId(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length !== 16) return undefined;
  let hasUpperCase = false;
  for (let i = 0; i < 16; i++) {
    const code = value.charCodeAt(i);
    if ((code >= 48 && code <= 57) || (code >= 97 && code <= 102)) continue;
    if (code < 65 || code > 70) return undefined;
    hasUpperCase = true;
  }
  return hasUpperCase ? value.toLowerCase() : value;
}

/** True when lists and objects are nested deeper than `limit`: what would overflow the stack of whoever prints them. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (limit === 0) return true;
  for (const member of Object.values(value)) if (isDeeperThan(member, limit - 1)) return true;
  return false;
}
