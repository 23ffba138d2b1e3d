import { FluoroscopeError } from "../errors.ts";

const variables = ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"] as const;

/**
 * Headers for an OpenTelemetry receiver, from the variables that OpenTelemetry has for them: `key=value,key=value`, values
 * percent-encoded. The variable for traces goes before the general one. Throws FLUORO_BAD_CONFIG without repeating a
 * value, for it may be a secret.
 */
export function readOtlpHeaders(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const headers = new Map<string, string>();
  for (const variable of variables) {
    const entries = (environment[variable] ?? "").split(",").map((entry) => entry.trim());
    entries.forEach((entry, index) => {
      if (entry === "") return;
      const [name, value] = readEntry(entry) ?? refuse(variable, index + 1);
      headers.set(name, value);
    });
  }
  return Object.fromEntries(headers);
}

function readEntry(entry: string): [name: string, value: string] | undefined {
  const equals = entry.indexOf("=");
  const name = entry.slice(0, Math.max(equals, 0)).trim().toLowerCase();
  const value = decode(entry.slice(equals + 1).trim());
  return token.test(name) && value !== undefined && headerValue.test(value) ? [name, value] : undefined;
}

const token = /^[!#$%&'*+.^_`|~a-z\d-]+$/;
const headerValue = /^[\t -~\u0080-\u00ff]*$/;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing: the caller refuses the entry.
    return undefined;
  }
}

function refuse(variable: string, position: number): never {
  const message =
    `Entry ${position} of ${variable} is no header. ` +
    "Write key=value, several with commas between, and percent-encode what is special in a value (%20, %2C).";
  throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}
