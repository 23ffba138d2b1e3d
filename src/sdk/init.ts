import { type Attributes, context, propagation, type Span, type TracerProvider, trace } from "@opentelemetry/api";
import { FluoroscopeError } from "../errors.ts";
import { type LocalRules, parseLocalRules } from "../sampling/local-rules.ts";
import { parseDaemonAddress } from "../xray/daemon-address.ts";
import { AsyncContextManager } from "./async-context-manager.ts";
import { atExit } from "./at-exit.ts";
import { traceBunServe } from "./bun-serve.ts";
import { traceDenoServe } from "./deno-serve.ts";
import { detectResource, findServiceName } from "./detect-resource.ts";
import { isFetchOfUndici, traceFetch } from "./fetch-spans.ts";
import { traceHttpClients } from "./http-client-spans.ts";
import { traceHttpServers } from "./http-server-spans.ts";
import { traceHttp2Clients } from "./http2-client-spans.ts";
import { traceHttp2Servers } from "./http2-server-spans.ts";
import { isLambda } from "./lambda.ts";
import { traceUndici } from "./undici-spans.ts";
import { XRayPropagator } from "./xray-propagator.ts";
import { XRaySampler } from "./xray-sampler.ts";
import { defaultDaemonAddress, XRaySpanProcessor, type XRaySpanProcessorOptions } from "./xray-span-processor.ts";
import { type TracerParts, XRayTracer } from "./xray-tracer.ts";

export interface TracingOptions extends Omit<XRaySpanProcessorOptions, "environment"> {
  /** The service's name. `AWS_XRAY_TRACING_NAME` and `OTEL_SERVICE_NAME` go before it, package.json comes after it. */
  readonly name?: string;
  /**
   * Who decides what is recorded: `central`, the rules that the daemon knows, and local rules while there are none;
   * `local`, local rules alone; `always`. In Lambda it is Lambda.
   */
  readonly sampling?: "central" | "local" | "always";
  /** A local rules file's content, parsed or as text. One request a second and 5 % of the others without it. */
  readonly localRules?: unknown;
  /** More about where the service runs, in OpenTelemetry's words. */
  readonly resource?: Attributes;
  /** Which of Node's own ways in and out are traced; all unless told otherwise. */
  readonly instrument?: { readonly incoming?: boolean; readonly outgoing?: boolean };
}

/** Tracing that is under way. */
export interface Tracing {
  readonly serviceName: string;
  readonly provider: TracerProvider;
  /** Sends what there is. */
  flush(): void;
  /** Ends tracing: hooks are taken away, what there is is sent. May be called twice. */
  close(): Promise<void>;
}

/** One for the process, whichever copy of the package began. */
const place = Symbol.for("fluoroscope-sdk tracing");
const global = globalThis as { [place]?: Tracing };

/**
 * Traces this application: HTTP in and out, and every span that is made through OpenTelemetry's API. The first call
 * counts; later ones answer what it began.
 * @example
 * import { init } from "fluoroscope-sdk";
 * init({ name: "shop" });
 */
export function init(options: TracingOptions = {}): Tracing {
  global[place] ??= start(options);
  return global[place];
}

function start(options: TracingOptions): Tracing {
  const environment = process.env;
  const serviceName = findServiceName(environment, options.name);
  const resource = { attributes: { ...detectResource(environment, serviceName), ...options.resource } };
  const processor = new XRaySpanProcessor(options);
  const sampler = samplerFor(options, serviceName);
  const propagator = new XRayPropagator();
  const manager = new AsyncContextManager();
  const parts: TracerParts = { sampler, processor, resource, environment, isLambda: isLambda(environment) };
  const provider = providerOf(parts);
  const tracer = new XRayTracer(parts, { name: "fluoroscope-sdk" });

  context.setGlobalContextManager(manager);
  propagation.setGlobalPropagator(propagator);
  trace.setGlobalTracerProvider(provider);
  const { incoming = true, outgoing = true } = options.instrument ?? {};
  const flush = (): void => processor.flush();
  const stops = [atExit(flush), recordCrashes()];
  // In Lambda, the segment of what comes in is Lambda's.
  if (incoming && !isLambda(environment)) {
    const serverParts = { tracer, propagator, manager };
    stops.push(traceHttpServers(serverParts), traceHttp2Servers(serverParts));
    stops.push(traceBunServe(serverParts), traceDenoServe(serverParts));
  }
  if (outgoing) {
    stops.push(traceHttpClients({ tracer, propagator }), traceHttp2Clients({ tracer, propagator }));
    stops.push((isFetchOfUndici() ? traceUndici : traceFetch)({ tracer, propagator }));
  }

  return {
    serviceName,
    provider,
    flush,
    async close() {
      for (const stop of stops.splice(0)) stop();
      if (global[place]?.provider === provider) delete global[place];
      context.disable();
      propagation.disable();
      trace.disable();
      if ("close" in sampler) sampler.close();
      await processor.shutdown();
    },
  };
}

function providerOf(parts: TracerParts): TracerProvider {
  const tracers = new Map<string, XRayTracer>();
  return {
    getTracer(name, version) {
      const key = `${name}@${version ?? ""}`;
      const known = tracers.get(key);
      if (known !== undefined) return known;
      const tracer = new XRayTracer(parts, { name, ...(version !== undefined && { version }) });
      tracers.set(key, tracer);
      return tracer;
    },
  };
}

function samplerFor(options: TracingOptions, serviceName: string): XRaySampler | TracerParts["sampler"] {
  const { sampling = "central", daemonAddress = defaultDaemonAddress } = options;
  if (sampling === "always") return { shouldSample: () => ({ decision: 2 }) };
  const localRules = options.localRules === undefined ? undefined : readLocalRules(options.localRules);
  const address = process.env.AWS_XRAY_DAEMON_ADDRESS ?? daemonAddress;
  return new XRaySampler({
    serviceName,
    ...(sampling === "central" && !isLambda(process.env) && { endpoint: parseDaemonAddress(address).tcp }),
    ...(localRules && { localRules }),
  });
}

function readLocalRules(rules: unknown): LocalRules {
  const parsed = parseLocalRules(typeof rules === "string" ? rules : JSON.stringify(rules));
  if (parsed.kind === "rules") return parsed.rules;
  throw new FluoroscopeError(
    "FLUORO_BAD_CONFIG",
    `The local sampling rules cannot be used: ${parsed.reason} Mend what is given to init as localRules.`,
  );
}

/** What nobody catches is recorded where it was thrown; the process ends as it would. */
function recordCrashes(): () => void {
  const onCrash = (error: Error): void => {
    const span: Span | undefined = trace.getActiveSpan();
    span?.recordException(error);
    span?.setStatus({ code: 2 });
  };
  process.on("uncaughtExceptionMonitor", onCrash);
  return () => {
    process.off("uncaughtExceptionMonitor", onCrash);
  };
}
