import { readFileSync } from "node:fs";
import { FluoroscopeError } from "../../errors.ts";
import { type LocalRules, parseLocalRules } from "../../sampling/local-rules.ts";
import type { SamplingRequest } from "../../sampling/match-rule.ts";
import { Sampler } from "../../sampling/sampler.ts";
import { randomHex } from "../../xray/random.ts";
import { SamplingPoller } from "../sampling-poller.ts";
import { daemonAddress, onDaemonMoved } from "./daemon-config.ts";
import { segmentUtils } from "./segment-utils.ts";

/** What decides whether a request is recorded; applications may put one of their own in its place. */
export interface RequestSampler {
  /** True or false, or the name of the rule that said yes. */
  shouldSample(request: SamplingRequest): boolean | string;
  /** Takes a rules file's path, or what would be in it. */
  setLocalRules(source?: string | object): void;
}

const clientId = randomHex(12);

/** Decides by the daemon's rules, and by local ones until they are there; with `isCentral` false by local ones alone. */
export function requestSampler(isCentral: boolean): RequestSampler {
  let sampler = new Sampler({ clientId });
  let poller: SamplingPoller | undefined;
  const stop = (): void => {
    poller?.close();
    poller = undefined;
  };
  onDaemonMoved(stop);
  return {
    shouldSample(request) {
      if (isCentral && poller === undefined) {
        poller = new SamplingPoller(sampler, { endpoint: daemonAddress().tcp });
        poller.start();
      }
      const { origin } = segmentUtils;
      const asked =
        request.serviceType === undefined && origin !== undefined ? { ...request, serviceType: origin } : request;
      const { isSampled, ruleName } = sampler.decide(asked, Date.now() / 1_000, Math.random);
      return isSampled ? (ruleName ?? true) : false;
    },
    setLocalRules(source) {
      sampler = new Sampler({ clientId, ...(source !== undefined && { localRules: readRules(source) }) });
      stop();
    },
  };
}

function readRules(source: string | object): LocalRules {
  const parsed = parseLocalRules(typeof source === "string" ? readFileSync(source, "utf8") : JSON.stringify(source));
  if (parsed.kind === "rules") return parsed.rules;
  const what = typeof source === "string" ? `in ${source}` : "given to setSamplingRules";
  throw new FluoroscopeError(
    "FLUORO_BAD_CONFIG",
    `The local sampling rules ${what} cannot be used: ${parsed.reason} Mend them, or leave them out for the default ones.`,
  );
}
