import { checkDataDir } from "./check-data-dir.ts";
import { checkEnvironment } from "./check-environment.ts";
import { checkPorts } from "./check-ports.ts";
import { checkRuntime } from "./check-runtime.ts";
import { checkStore } from "./check-store.ts";
import { checkSystem } from "./check-system.ts";
import type { Finding, Patient, Running } from "./finding.ts";

/** Looks at everything that `up` needs of this machine. Changes nothing; the probes that it writes it removes. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { host, port } = patient.config;
  const all = await Promise.all([
    checkRuntime(),
    checkPorts(patient),
    checkDataDir(patient),
    checkStore(patient),
    checkSystem(),
    checkEnvironment(patient),
  ]);
  return [...describeRunning(patient.running, `${host}:${port}`), ...all.flat()];
}

function describeRunning(running: Running | undefined, address: string): Finding[] {
  const subject = "fluoroscope";
  if (running === undefined) return [{ kind: "fine", subject, text: `None runs at ${address}; up would begin there.` }];
  const { version, refused, dropped, lostBySystem = 0 } = running;
  const findings: Finding[] = [{ kind: "fine", subject, text: `${version} runs at ${address}.` }];
  if (refused > 0) {
    const text = `It refused ${refused} documents since it started.`;
    findings.push({ kind: "note", subject, text, remedy: "fluoroscope problems shows each with its reason." });
  }
  if (dropped > 0) {
    const text = `It had no room for ${dropped} documents since it started.`;
    findings.push({
      kind: "trouble",
      subject,
      text,
      remedy: "Give it more of the processor, a faster disk, or --queue-bytes.",
    });
  }
  if (lostBySystem > 0) {
    const text = `The system lost ${lostBySystem} datagrams before it could read them.`;
    findings.push({ kind: "trouble", subject, text, remedy: "Raise net.core.rmem_max, see UDP buffer." });
  }
  return findings;
}
