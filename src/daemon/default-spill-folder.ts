import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where to spill when nobody says: the folder that systemd gives the service, or the user's own for state, one for each
 * UDP port so that two daemons do not meet. `undefined` for a user without a home.
 */
export function defaultSpillFolder(environment: Environment, udpPort: number): string | undefined {
  // systemd lists several with colons between.
  const stateDirectory = environment.STATE_DIRECTORY?.split(":", 1)[0];
  if (stateDirectory?.startsWith("/")) return join(stateDirectory, "spill");
  const state = environment.XDG_STATE_HOME;
  const home = environment.HOME || homeOf();
  const base = state?.startsWith("/") ? state : home && join(home, ".local", "state");
  return base ? join(base, "fluoroscope", `daemon-${udpPort}`) : undefined;
}

function homeOf(): string | undefined {
  try {
    return homedir();
  } catch {
    // A user without an entry in /etc/passwd, as in containers from scratch.
    return undefined;
  }
}
