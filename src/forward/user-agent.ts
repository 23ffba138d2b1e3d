const systems: Readonly<Record<string, string>> = { win32: "windows" };
const processors: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** How the original introduces itself, after our own name: `xray-agent/xray-daemon/… exec-env/… OS/linux-amd64`. */
export function userAgent(version: string, environment: Readonly<Record<string, string | undefined>>): string {
  const execution = environment.AWS_EXECUTION_ENV?.replace(/[^!-~]/g, "_") || "UNKNOWN";
  const system = systems[process.platform] ?? process.platform;
  const processor = processors[process.arch] ?? process.arch;
  return `fluoroscope/${version} xray-agent/xray-daemon/${version} exec-env/${execution} OS/${system}-${processor}`;
}
