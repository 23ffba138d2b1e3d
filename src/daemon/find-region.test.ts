import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createHttpClient } from "../forward/http-client.ts";
import { silentLog } from "../log.ts";
import { findIdentity } from "./find-identity.ts";
import { findRegion } from "./find-region.ts";
import { instanceMetadata } from "./instance-metadata.ts";

const servers: Server[] = [];
const http = createHttpClient();
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Environment = Readonly<Record<string, string>>;

/** A machine whose metadata service answers these values, to those who ask with the token that it gave them. */
function machine(values: Readonly<Record<string, string>>): Promise<Environment> {
  return service((request, response) => {
    if (request.method === "PUT" && request.url === "/latest/api/token") {
      response.end(request.headers["x-aws-ec2-metadata-token-ttl-seconds"] ? "secret" : "");
      return;
    }
    const isKnown = request.headers["x-aws-ec2-metadata-token"] === "secret";
    const value = values[request.url!.replace("/latest/meta-data/", "")];
    response.statusCode = isKnown ? (value === undefined ? 404 : 200) : 401;
    response.end(isKnown ? value : "");
  });
}

async function service(answer: RequestListener): Promise<Environment> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const nowhere: Environment = { AWS_EC2_METADATA_DISABLED: "true", HOME: "/home/me" };

interface Surroundings {
  readonly environment?: Environment;
  readonly files?: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly localMode?: boolean;
}

async function region({ environment = nowhere, files = {}, region, localMode = false }: Surroundings): Promise<string> {
  const readFile = (path: string): string => {
    if (files[path] !== undefined) return files[path];
    throw new Error(`ENOENT: ${path}`);
  };
  const metadata = instanceMetadata(http, environment);
  return findRegion({ region, localMode, environment, readFile, metadata, log: silentLog });
}

const task = (content: string, environment: Environment = nowhere): Surroundings => ({
  environment: { ...environment, ECS_ENABLE_CONTAINER_METADATA: "True", ECS_CONTAINER_METADATA_FILE: "/ecs.json" },
  files: { "/ecs.json": content },
});
const taskArn = JSON.stringify({ TaskARN: "arn:aws:ecs:eu-north-1:123456789012:task/x" });

it("a region that is named is not looked for", async () => {
  expect(await region({ ...task(taskArn), region: "eu-west-1" })).toBe("eu-west-1");
});

it("an ECS task's region is the fourth part of its ARN", async () => {
  expect(await region(task(taskArn))).toBe("eu-north-1");
});

it("an ECS task goes before the machine under it", async () => {
  expect(await region(task(taskArn, await machine({ "placement/region": "eu-west-1" })))).toBe("eu-north-1");
});

it("the ECS file counts only where ECS says that it is there", async () => {
  const { environment, files } = task(taskArn);
  const off = { ...environment!, ECS_ENABLE_CONTAINER_METADATA: "false" };
  await expect(region({ environment: off, files: files! })).rejects.toMatchObject({ code: "FLUORO_NO_REGION" });
});

it.each(["", "{", "[]", "null", "{}", '{"TaskARN": 5}', '{"TaskARN": "arn:aws"}', '{"TaskARN": "a:b:c::d"}'])(
  "an ECS file with %j is passed over, and the machine asked",
  async (content) => {
    expect(await region(task(content, await machine({ "placement/region": "eu-west-1" })))).toBe("eu-west-1");
  },
);

it("an EC2 machine's region comes from its metadata service, asked with a token", async () => {
  expect(await region({ environment: await machine({ "placement/region": "eu-west-1" }) })).toBe("eu-west-1");
});

it("of a service that knows the zone alone, the region is the zone without its letter", async () => {
  const environment = await machine({ "placement/availability-zone": "us-gov-west-1b" });
  expect(await region({ environment })).toBe("us-gov-west-1");
});

it.each([404, 405])("a service that answers a wish for a token with %d is asked without one", async (status) => {
  const environment = await service((request, response) => {
    response.statusCode = request.method === "PUT" ? status : 200;
    response.end(request.method === "PUT" ? "" : "eu-west-1");
  });
  expect(await region({ environment })).toBe("eu-west-1");
});

it("whatever else answers in the service's place is not believed", async () => {
  const environment = await service((_, response) => response.end("<html>Please log in</html>"));
  await expect(region({ environment })).rejects.toMatchObject({ code: "FLUORO_NO_REGION" });
});

it("a service that is silent is not waited for long", async () => {
  const environment = { ...(await service(() => undefined)), AWS_DEFAULT_REGION: "eu-west-1" };
  expect(await region({ environment })).toBe("eu-west-1");
});

it("in local mode nobody is asked but AWS's own settings", async () => {
  const environment = { ...(await machine({ "placement/region": "eu-west-1" })), AWS_DEFAULT_REGION: "eu-west-2" };
  expect(await region({ environment, localMode: true })).toBe("eu-west-2");
  expect(await region({ environment })).toBe("eu-west-1");
});

it("AWS's configuration file names the region of a profile", async () => {
  const files = {
    "/home/me/.aws/config":
      "[default]\nregion = eu-west-1 # mine\n[profile other]\noutput=json\nregion=eu-west-2\n[profile sso]\nsso =\n  region = no\n",
  };
  expect(await region({ files, localMode: true })).toBe("eu-west-1");
  expect(await region({ files })).toBe("eu-west-1");
  const other = { ...nowhere, AWS_PROFILE: "other" };
  expect(await region({ files, environment: other })).toBe("eu-west-2");
  const sso = { ...nowhere, AWS_PROFILE: "sso" };
  await expect(region({ files, environment: sso })).rejects.toMatchObject({ code: "FLUORO_NO_REGION" });
  const elsewhere = { ...nowhere, AWS_CONFIG_FILE: "/home/me/.aws/config" };
  expect(await region({ files, environment: elsewhere })).toBe("eu-west-1");
});

it("no region anywhere is said with the remedy", async () => {
  await expect(region({})).rejects.toThrow("Say -n REGION, set AWS_REGION, or send elsewhere with --to.");
});

it("host name and instance come from the environment, else from the machine", async () => {
  const environment = await machine({ hostname: "ip-10-0-0-1.internal", "instance-id": "i-1" });
  const identity = (more: Environment, localMode = false): ReturnType<typeof findIdentity> => {
    const all = { ...environment, ...more };
    return findIdentity({ localMode, environment: all, metadata: instanceMetadata(http, all), log: silentLog });
  };
  expect(await identity({})).toEqual({ hostname: "ip-10-0-0-1.internal", instanceId: "i-1" });
  expect(await identity({ AWS_HOSTNAME: "web-1" })).toEqual({ hostname: "web-1", instanceId: "i-1" });
  const both = { AWS_HOSTNAME: "web-1", AWS_INSTANCE_ID: "i-2" };
  expect(await identity(both, true)).toEqual({ hostname: "web-1", instanceId: "i-2" });
});

it("on Fargate and in local mode the machine is not asked, and nothing is said about it", async () => {
  const asked: string[] = [];
  const metadata = { read: async (name: string) => void asked.push(name) };
  const log = { ...silentLog, debug: (_: object, message: string) => void asked.push(message) };
  const environment = { AWS_EXECUTION_ENV: "AWS_ECS_FARGATE" };
  expect(await findIdentity({ localMode: false, environment, metadata, log })).toEqual({
    hostname: "",
    instanceId: "",
  });
  expect(await findIdentity({ localMode: true, environment: {}, metadata, log })).toEqual({
    hostname: "",
    instanceId: "",
  });
  expect(asked).toEqual([]);
});
