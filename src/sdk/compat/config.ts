import { segmentUtils } from "./segment-utils.ts";

/** Tells where the service runs. */
interface AnyPlugin {
  readonly originName: string;
  getData(callback: (data?: object) => void): void;
}

/** Puts what plug-ins find out on each segment from then on. The last one names the origin. */
export function config(plugins: readonly AnyPlugin[]): void {
  const found: object = {};
  for (const plugin of plugins) {
    plugin.getData((data) => Object.assign(found, data));
    segmentUtils.setOrigin(plugin.originName);
    segmentUtils.setPluginData(found);
  }
}
