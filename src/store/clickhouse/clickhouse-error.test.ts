import { expect, it } from "vitest";
import { StoreError } from "../../errors.ts";
import { parseClickHouseAddress } from "./address.ts";
import { toStoreError } from "./clickhouse-error.ts";

const address = parseClickHouseAddress("clickhouse://ann:secret@db.example/traces");
const told = (code: string, message: string) => toStoreError(Object.assign(new Error(message), { code }), address);

it("a server that is not there may come back", () => {
  expect(told("ECONNREFUSED", "connect ECONNREFUSED 10.0.0.1:8123")).toMatchObject({
    code: "FLUORO_STORE_UNREACHABLE",
    retryable: true,
    message:
      "ClickHouse at http://db.example:8123 does not answer: ECONNREFUSED. Start it, or name another with --store.",
  });
  expect(toStoreError(new Error("Timeout error."), address)).toMatchObject({ retryable: true });
});

it("what a busy or full server refuses may be tried again, what it does not understand may not", () => {
  const full = told("243", "Cannot reserve 1.00 MiB, not enough space. (version 26.7.2.1 (official build))\nand more");
  expect(full).toMatchObject({ code: "FLUORO_STORE_WRITE", retryable: true });
  expect(full.message).toBe(
    "ClickHouse at http://db.example:8123 failed: Cannot reserve 1.00 MiB, not enough space (error 243). Try again.",
  );
  expect(told("62", "Syntax error")).toMatchObject({ code: "FLUORO_STORE_WRITE", retryable: false });
});

it("a wrong password is a matter of configuration, and is not repeated", () => {
  const wrong = told("516", "ann: Authentication failed: password is incorrect");
  expect(wrong).toMatchObject({ code: "FLUORO_BAD_CONFIG", retryable: false });
  expect(wrong.message).not.toContain("secret");
});

it("an error of ours stays what it is", () => {
  const error = new StoreError("FLUORO_STORE_CLOSED", "The store is closed.", { retryable: false });
  expect(toStoreError(error, address)).toBe(error);
});
