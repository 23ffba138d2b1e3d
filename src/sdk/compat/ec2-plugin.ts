import { context } from "@opentelemetry/api";
import { lazyHttp } from "../lazy-builtins.ts";
import { suppress } from "../suppressed.ts";
import { getLogger } from "./logger.ts";

export interface EC2Metadata {
  ec2: { instance_id: string; availability_zone: string; instance_size: string; ami_id: string };
}

const host = "169.254.169.254";
const timeoutMs = 1_000;

/** Tells on which instance of EC2 the service runs: asks the instance's metadata service. */
export const EC2Plugin: {
  getData(callback: (metadata?: EC2Metadata) => void): void;
  readonly originName: string;
} = {
  getData(callback) {
    findInstance().then(callback, (error: unknown) => {
      getLogger().error(`EC2's instance is not known: ${String(error)}`);
      callback();
    });
  },
  originName: "AWS::EC2::Instance",
};

async function findInstance(): Promise<EC2Metadata> {
  const tokenLasts = { "X-aws-ec2-metadata-token-ttl-seconds": "60" };
  // Where tokens are unknown, questions are answered without.
  const token = await ask("PUT", "/latest/api/token", tokenLasts).catch(() => undefined);
  const headers = token === undefined ? {} : { "X-aws-ec2-metadata-token": token };
  const text = await ask("GET", "/latest/dynamic/instance-identity/document", headers);
  const { instanceId, availabilityZone, instanceType, imageId } = JSON.parse(text) as Record<string, string>;
  return {
    ec2: {
      instance_id: instanceId!,
      availability_zone: availabilityZone!,
      instance_size: instanceType!,
      ami_id: imageId!,
    },
  };
}

/** A question that is not traced, even where all calls are captured. */
function ask(method: string, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const http = lazyHttp() as typeof import("node:http") & { __request?: typeof import("node:http").request };
  return new Promise((resolve, reject) =>
    context.with(suppress(context.active()), () => {
      const asked = (http.__request ?? http.request)({ host, path, method, headers }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (part: string) => {
          body += part;
        });
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode === 200) resolve(body);
          else reject(new Error(`${path} is answered with status ${answer.statusCode}`));
        });
      });
      asked.on("error", reject);
      asked.setTimeout(timeoutMs, () => asked.destroy(new Error(`${path} is not answered within ${timeoutMs} ms`)));
      asked.end();
    }),
  );
}
