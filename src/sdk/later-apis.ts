/** Where all copies of OpenTelemetry's API with one major version meet. */
const place = Symbol.for("opentelemetry.js.api.1");

/**
 * Lets copies of the API that are newer than ours find what ours has registered. They go by its version and turn away an
 * older one, though what they would ask of it is the same: `register` brings a copy of its own, as loading the
 * application's takes longer than all else it does.
 */
export function openToLaterApis(): void {
  const registered = (globalThis as { [place]?: { version: string } })[place];
  if (registered !== undefined) registered.version = "1.999.0";
}
