/** Tracing in applications: what `fluoroscope-sdk` exports. */
export { init, type Tracing, type TracingOptions } from "./init.ts";
export { XRayIdGenerator } from "./xray-id-generator.ts";
export { XRayPropagator } from "./xray-propagator.ts";
export { XRaySampler, type XRaySamplerOptions } from "./xray-sampler.ts";
export { XRaySpanProcessor, type XRaySpanProcessorOptions } from "./xray-span-processor.ts";
