/** The public library. `import { up, readConfig } from "fluoroscope"`. */

export type { Config, ConfigSources, ConfigWithOrigins } from "./config.ts";
export { readConfig } from "./config.ts";
export type { ErrorCode } from "./errors.ts";
export { FilterSyntaxError, FluoroscopeError, StoreError } from "./errors.ts";
export type { Log } from "./log.ts";
export { createLog, silentLog } from "./log.ts";
export type { Running } from "./up.ts";
export { up } from "./up.ts";
