import { type DaemonSetting, daemonSettings } from "./daemon-config.ts";

/** What `-h` shows, in the original's form: one flag a row, tabs between the columns. */
export function daemonUsage(): string {
  const settings = Object.values<DaemonSetting<unknown>>(daemonSettings);
  const originals = settings.filter(({ original }) => original === "flag");
  const ours = settings.filter(({ original, names }) => original !== "flag" && names !== undefined);
  const rows = [
    "Usage: fluoroscope daemon [options]",
    "",
    "As the AWS X-Ray daemon:",
    ...originals.map(rowOf),
    row("config", "c", "File of settings (cfg.yaml, version 1 or 2) to read instead of the usual ones."),
    row("version", "v", "Show the version."),
    row("help", "h", "Show this screen."),
    "",
    "Ours:",
    ...ours.map(rowOf),
    row("healthcheck", undefined, "Ask the daemon that runs with these options how it is: exit code 0 or 1."),
    "",
    "One dash or two, -n x or -n=x. A flag goes before the file, the file before a variable of the same name, as",
    "FLUOROSCOPE_DAEMON_LOG_FILE for --log-file.",
    "",
    "Examples:",
    "  fluoroscope daemon -o -n eu-central-1",
    "  fluoroscope daemon --to aws --to http://127.0.0.1:2100",
    "",
    "Exit codes:",
    "  0   stopped as asked",
    "  1   not started: a setting that does not fit, no region, a port that is taken",
    "  2   a flag that nobody knows, or a number that is none",
  ];
  return rows.join("\n");
}

function rowOf({ names, meaning }: DaemonSetting<unknown>): string {
  const [long, short] = names!;
  return row(long, short, meaning);
}

/** The second column is three tab stops wide. */
function row(long: string, short: string | undefined, meaning: string): string {
  const flag = `--${long}`;
  return `\t${short === undefined ? "" : `-${short}`}\t${flag}${"\t".repeat(Math.max(1, 3 - Math.floor(flag.length / 8)))}${meaning}`;
}
