import type { Operation } from "./operation.ts";
import { setAlert } from "./set-alert.ts";
import { storeOperations } from "./store-operations.ts";

/** What X-Ray has no operations for. Each changes something, goes on record, and wants a key that may do everything. */
export const ownOperations: readonly Operation[] = [...storeOperations, setAlert];
