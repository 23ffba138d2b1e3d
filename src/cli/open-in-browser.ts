import { spawn } from "node:child_process";
import type { Environment } from "./terminal.ts";

/** Has the system show a URL. Where it cannot, nothing happens: the address is on the screen. */
export function openInBrowser(url: string, { BROWSER }: Environment): void {
  const [program, ...words] = openerOf(process.platform, BROWSER);
  const child = spawn(program, [...words, url], { detached: true, stdio: "ignore" });
  // There may be no such program; the printed address remains.
  child.on("error", () => undefined);
  child.unref();
}

function openerOf(platform: NodeJS.Platform, browser: string | undefined): readonly [string, ...string[]] {
  if ((browser ?? "") !== "") return [browser!];
  if (platform === "darwin") return ["open"];
  // Not `start`, which belongs to a shell that would read the URL's ampersands.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}
