import { readFile } from "node:fs";
import { getLogger } from "./logger.ts";

export interface ElasticBeanstalkMetadata {
  elastic_beanstalk: { environment: string; version_label: string; deployment_id: number };
}

const configuration = "/var/elasticbeanstalk/xray/environment.conf";

/** Tells in which environment of Elastic Beanstalk the service runs. */
export const ElasticBeanstalkPlugin: {
  getData(callback: (metadata?: ElasticBeanstalkMetadata) => void): void;
  readonly originName: string;
} = {
  getData(callback) {
    readFile(configuration, "utf8", (error, text) => callback(error ? notFound(error) : read(text)));
  },
  originName: "AWS::ElasticBeanstalk::Environment",
};

function read(text: string): ElasticBeanstalkMetadata | undefined {
  try {
    const { environment_name: environment, version_label, deployment_id } = JSON.parse(text);
    return { elastic_beanstalk: { environment, version_label, deployment_id } };
  } catch (error) {
    return notFound(error);
  }
}

function notFound(error: unknown): undefined {
  getLogger().error(`Elastic Beanstalk's environment is not known: ${String(error)}`);
}
