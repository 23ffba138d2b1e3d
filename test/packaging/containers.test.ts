import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { readDaemonConfig } from "../../src/daemon/read-daemon-config.ts";
import { root } from "./built-packages.ts";
import { type PythonTools, preparePythonTools } from "./python-tools.ts";

let tools: PythonTools;
beforeAll(async () => {
  tools = await preparePythonTools();
}, 300_000);

const path = (name: string): string => join(root, "packaging", name);
const read = (name: string): string => readFileSync(path(name), "utf8");

/** Runs a checker on text in a file; answers its exit code and what it said. */
function check(words: readonly string[], text: string): { readonly status: number | null; readonly said: string } {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-check-"));
  const file = join(folder, "checked");
  writeFileSync(file, text);
  const [program, ...args] = words;
  const { status, stdout, stderr } = spawnSync(program!, [...args, file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return { status, said: stdout + stderr };
}

/** What the daemon makes of these words and variables: a mistake in an example is a mistake here. */
async function configOf(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const order = await readDaemonConfig({ words, environment, readFile: noFile, usableBytes: 2 ** 30 });
  if (order.kind !== "run") throw new Error(JSON.stringify(order));
  return order.config;
}

function noFile(name: string): string {
  throw Object.assign(new Error(name), { code: "ENOENT" });
}

describe("the image", () => {
  const dockerfile = read("docker/Dockerfile").replaceAll("\\\n", " ");
  const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
  const instruction = (name: string): string => new RegExp(`^ *${name} +(.*)$`, "m").exec(last)![1]!;
  const variables = Object.fromEntries(
    [...instruction("ENV").matchAll(/(\w+)=(\S+)/g)].map((pair) => [pair[1], pair[2]]),
  );

  it("has a Dockerfile that hadolint finds nothing in", (context) => {
    if ("reason" in tools) return context.skip(tools.reason);
    expect(check([tools.hadolint], read("docker/Dockerfile"))).toEqual({ status: 0, said: "" });
    expect(check([tools.hadolint], `${read("docker/Dockerfile")}EXPOSE 99999\n`).status).toBe(1);
  });

  it("takes the daemon's flags after its name, as AWS's does, and listens outside the container", async () => {
    const [node, main, command, ...words] = JSON.parse(instruction("ENTRYPOINT")) as string[];
    expect([node, main, command]).toEqual(["/nodejs/bin/node", "/app/dist/cli/main.js", "daemon"]);
    const config = await configOf([...words, "-o", "-n", "eu-west-1"], variables);
    expect(config).toMatchObject({
      udpAddress: { host: "0.0.0.0", port: 2000 },
      tcpAddress: { host: "0.0.0.0", port: 2000 },
      localMode: true,
      region: "eu-west-1",
    });
    expect(instruction("EXPOSE")).toBe("2000/udp 2000/tcp");
  });

  it("runs as AWS's does, not as root, and keeps what it could not send in a volume", async () => {
    expect(instruction("USER")).toBe("10001:10001");
    expect(instruction("FROM")).toMatch(/^gcr\.io\/distroless\/nodejs\$\{NODE_MAJOR\}-debian12:nonroot$/);
    const { spillFolder } = await configOf(["-n", "eu-west-1"], variables);
    const [volume] = JSON.parse(instruction("VOLUME")) as string[];
    expect(dirname(spillFolder!)).toBe(volume);
    expect(dockerfile).toContain(`/folders${volume}`);
  });

  it("asks the daemon itself whether it is well", async () => {
    const [, words] = /CMD (\[.*\])/.exec(instruction("HEALTHCHECK"))!;
    const [node, main, command, ...flags] = JSON.parse(words!) as string[];
    expect([node, main, command]).toEqual(JSON.parse(instruction("ENTRYPOINT")).slice(0, 3));
    const order = await readDaemonConfig({ words: flags, environment: variables, readFile: noFile });
    expect(order).toMatchObject({ kind: "healthcheck", config: { tcpAddress: { port: 2000 } } });
  });

  it("is built from files that are enough for it, and that its .dockerignore lets through", {
    timeout: 300_000,
  }, () => {
    const context = mkdtempSync(join(tmpdir(), "fluoroscope-context-"));
    const allowed = read("docker/Dockerfile.dockerignore").split("\n");
    const build = dockerfile.slice(0, dockerfile.lastIndexOf("\nFROM "));
    for (const [, names] of build.matchAll(/^COPY ([^-].*) \S+$/gm)) {
      for (const name of names!.split(" ")) {
        expect(allowed).toContain(`!${name}`);
        cpSync(join(root, name), join(context, name), {
          recursive: true,
          filter: (source) => !source.endsWith(".test.ts"),
        });
      }
    }
    symlinkSync(join(root, "node_modules"), join(context, "node_modules"));
    execFileSync("npm", ["run", "build"], { cwd: context, stdio: "pipe" });
    const version = execFileSync(process.execPath, ["dist/cli/main.js", "--version"], {
      cwd: context,
      encoding: "utf8",
    });
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    rmSync(context, { recursive: true });
  });
});

describe("the example for Kubernetes", () => {
  const text = read("kubernetes/daemonset.yaml");
  const objects = parseAllDocuments(text, { merge: true }).map((document) => document.toJS() as KubernetesObject);
  const daemonSet = objects.find(({ kind }) => kind === "DaemonSet")!.spec!.template.spec;
  const [container] = daemonSet.containers;

  it("is what Kubernetes' own schemas ask for", (context) => {
    if ("reason" in tools) return context.skip(tools.reason);
    const words = [tools.kubernetesValidate, "--strict", "--quiet"];
    expect(check(words, text)).toEqual({ status: 0, said: "" });
    expect(check(words, text.replace("hostPort: 2000", "hostPort: any")).said).toContain("hostPort");
  });

  it("offers both ports on the node, asks /healthz, and runs without a right", () => {
    expect(container!.ports.map(({ protocol, hostPort }) => [protocol, hostPort])).toEqual([
      ["UDP", 2000],
      ["TCP", 2000],
    ]);
    expect(container!.readinessProbe.httpGet.path).toBe("/healthz");
    expect(container!.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(daemonSet.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 });
    expect(container!.resources.limits.memory).toBeDefined();
  });

  it("gives the daemon settings that it understands, and time to end", async () => {
    const variables = Object.fromEntries(container!.env.map(({ name, value }) => [name, value]));
    const config = await configOf(container!.args, { AWS_REGION: "eu-west-1", ...variables });
    expect(config).toMatchObject({ logFormat: "json", memoryBytes: 16 * 2 ** 20, spillMaxBytes: 10 ** 9 });
    expect(daemonSet.terminationGracePeriodSeconds).toBeGreaterThan(config.shutdownSeconds);
  });
});

describe("the example for ECS", () => {
  const text = read("ecs/task-definition.json");
  const task = JSON.parse(text) as TaskDefinition;
  const daemon = task.containerDefinitions.find(({ name }) => name === "xray-daemon")!;

  it("is what ECS's API asks for", (context) => {
    if ("reason" in tools) return context.skip(tools.reason);
    const words = [tools.python, join(root, "test/packaging/ecs-shape.py")];
    expect(check(words, text)).toEqual({ status: 0, said: "" });
    expect(check(words, text.replace('"essential": false', '"essential": 7')).said).toContain("essential");
  });

  it("has the daemon beside the service, which sends to it and outlives it", async () => {
    const [service] = task.containerDefinitions;
    expect(service!.environment).toContainEqual({ name: "AWS_XRAY_DAEMON_ADDRESS", value: "127.0.0.1:2000" });
    expect(daemon).toMatchObject({ essential: false, user: "10001", readonlyRootFilesystem: true });
    expect(daemon.portMappings).toEqual([{ containerPort: 2000, protocol: "udp" }]);
    const config = await configOf(daemon.command, { AWS_REGION: "eu-west-1" });
    expect(daemon.stopTimeout).toBeGreaterThan(config.shutdownSeconds);
  });

  it("asks the daemon whether it is well in the way that the image does", () => {
    const [, words] = /^ *CMD (\[.*\])$/m.exec(read("docker/Dockerfile"))!;
    expect(daemon.healthCheck.command).toEqual(["CMD", ...JSON.parse(words!)]);
  });
});

interface KubernetesObject {
  readonly kind: string;
  readonly spec?: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly ports: readonly { readonly protocol: string; readonly hostPort: number }[];
          readonly readinessProbe: { readonly httpGet: { readonly path: string } };
          readonly resources: { readonly limits: { readonly memory?: string } };
          readonly securityContext: unknown;
        }[];
        readonly securityContext: unknown;
        readonly terminationGracePeriodSeconds: number;
      };
    };
  };
}

interface TaskDefinition {
  readonly containerDefinitions: readonly {
    readonly name: string;
    readonly environment: readonly { readonly name: string; readonly value: string }[];
    readonly command: readonly string[];
    readonly portMappings: unknown;
    readonly stopTimeout: number;
    readonly healthCheck: { readonly command: readonly string[] };
  }[];
}
