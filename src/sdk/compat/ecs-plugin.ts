import { hostname } from "node:os";

export interface ECSMetadata {
  ecs: { container: string };
}

/** Tells that the service runs in a container of ECS, whose host name is its id's beginning. */
export const ECSPlugin: {
  getData(callback: (metadata?: ECSMetadata) => void): void;
  readonly originName: string;
} = {
  getData: (callback) => callback({ ecs: { container: hostname() } }),
  originName: "AWS::ECS::Container",
};
