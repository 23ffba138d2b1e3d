import { settings } from "../config.ts";
import type { Finding, Patient } from "./finding.ts";

const subject = "environment";
/** Beside those of settings. */
const others = ["FLUOROSCOPE_KEY", "FLUOROSCOPE_KEYS"];

/** Variables that keep programs here from being traced, or that look like settings and are none. */
export function checkEnvironment({ config, environment }: Patient): Finding[] {
  const findings = [...misspelt(environment), ...silenced(environment), ...elsewhere(environment, config.port)];
  return findings.length > 0 ? findings : [{ kind: "fine", subject, text: "No variable is in the way." }];
}

function misspelt(environment: Patient["environment"]): Finding[] {
  const known = new Set([...Object.values(settings).flatMap((setting) => setting.environment), ...others]);
  return Object.keys(environment)
    .filter((name) => name.startsWith("FLUOROSCOPE_") && !name.startsWith("FLUOROSCOPE_DAEMON_") && !known.has(name))
    .map((name) => ({
      kind: "note",
      subject,
      text: `${name} is set, and no setting has that name.`,
      remedy: "fluoroscope config lists all settings.",
    }));
}

/** Switches of SDKs that are started from here. */
function silenced(environment: Patient["environment"]): Finding[] {
  const findings: Finding[] = [];
  const say = (name: string, who: string): void => {
    const text = `${name} is ${environment[name]}: ${who} started from here send nothing.`;
    findings.push({ kind: "note", subject, text, remedy: `Unset ${name} to trace them.` });
  };
  if (environment.AWS_XRAY_SDK_ENABLED?.toLowerCase() === "false")
    say("AWS_XRAY_SDK_ENABLED", "programs with an X-Ray SDK");
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === "true") say("OTEL_SDK_DISABLED", "programs with OpenTelemetry");
  if (environment.OTEL_TRACES_EXPORTER === "none") say("OTEL_TRACES_EXPORTER", "programs with OpenTelemetry");
  return findings;
}

/** SDKs that would send to another port than `up` listens on. */
function elsewhere(environment: Patient["environment"], port: number): Finding[] {
  const given = environment.AWS_XRAY_DAEMON_ADDRESS;
  if (!given || port === 0 || given.split(/[\s,]+/).some((part) => part.endsWith(`:${port}`))) return [];
  const text = `AWS_XRAY_DAEMON_ADDRESS is ${given}, and fluoroscope is set up for port ${port}.`;
  return [{ kind: "note", subject, text, remedy: `Set AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:${port}, or --port.` }];
}
