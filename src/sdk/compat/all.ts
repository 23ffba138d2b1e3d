/** The names of `aws-xray-sdk`, which has those of its companions beside its own. */
export { captureMySQL } from "./capture-mysql.ts";
export { capturePostgres } from "./capture-postgres.ts";
export * from "./core.ts";
export * as express from "./express.ts";
