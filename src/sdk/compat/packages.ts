import { captureFetchGlobal, captureFetchModule, enableCapture } from "./capture-fetch.ts";
import { captureMySQL } from "./capture-mysql.ts";
import { capturePostgres } from "./capture-postgres.ts";
import * as names from "./core.ts";
import { closeSegment, openSegment } from "./express.ts";

/** An object, as applications and their tests put members of their own into it. */
const core = { ...names };
const express = { openSegment, closeSegment };

/**
 * What each package of X-Ray's SDK for Node is, by its name. The packages of databases are functions; their types say
 * that they have a member, so they have it too.
 */
export const packages: Readonly<Record<string, object>> = {
  "aws-xray-sdk": { ...core, express, captureMySQL, capturePostgres },
  "aws-xray-sdk-core": core,
  "aws-xray-sdk-express": express,
  "aws-xray-sdk-fetch": { captureFetchGlobal, captureFetchModule, enableCapture },
  "aws-xray-sdk-mysql": Object.assign(captureMySQL, { captureMySQL }),
  "aws-xray-sdk-postgres": Object.assign(capturePostgres, { capturePostgres }),
};
