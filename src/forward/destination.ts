import { FluoroscopeError } from "../errors.ts";

/** Where documents go: AWS X-Ray, an X-Ray API elsewhere (another fluoroscope), an OpenTelemetry collector. */
export type Destination =
  | { readonly kind: "aws" }
  | { readonly kind: "xray"; readonly url: URL }
  | { readonly kind: "otlp"; readonly url: URL };

/** Reads `aws`, `http(s)://host:port` or `otlp:http(s)://host:port`. */
export function parseDestination(text: string): Destination {
  if (text === "aws") return { kind: "aws" };
  const isOtlp = text.startsWith("otlp:");
  const address = isOtlp ? text.slice("otlp:".length) : text;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const message =
      `The destination ${JSON.stringify(withoutSecrets(text))} is not known. ` +
      "Write aws, http://host:2000 for an X-Ray API (another fluoroscope), or otlp:http://host:4318.";
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
  }
  return { kind: isOtlp ? "otlp" : "xray", url };
}

/** Whatever stands before an `@` may be a password. */
function withoutSecrets(text: string): string {
  return text.replace(/[^/]*@/, "");
}
