import { loadDriver } from "../store/embedded/driver.ts";
import type { Finding } from "./finding.ts";

const leastNode = [20, 19] as const;

/** Node's version, and the SQL engine that the store needs. */
export async function checkRuntime(version: string = process.versions.node): Promise<Finding[]> {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]);
  const node: Finding = isOld
    ? {
        kind: "trouble",
        subject: "Node",
        text: `This is Node ${version}; ${leastNode.join(".")} is the oldest that is supported.`,
        remedy: "Install a current LTS release of Node.",
      }
    : { kind: "fine", subject: "Node", text: `Node ${version}` };
  return [node, await checkEngine()];
}

async function checkEngine(): Promise<Finding> {
  try {
    await loadDriver();
    return { kind: "fine", subject: "SQL engine", text: "The store's engine can be loaded." };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const remedy =
      "Reinstall fluoroscope with its optional dependencies, use Node 22.13 or later, or run up --ephemeral.";
    return { kind: "trouble", subject: "SQL engine", text, remedy };
  }
}
