import { type CallerHeaders, distrust } from "../xray/trust-caller.ts";
import { accessDenied } from "./aws-errors.ts";

/** Keeps browsers' other pages out: throws AccessDeniedException for them. */
export function checkCaller(headers: CallerHeaders, configuredHost: string): void {
  const reason = distrust(headers, configuredHost);
  if (reason !== undefined) throw accessDenied(reason);
}
