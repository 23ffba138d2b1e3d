import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseClickHouseAddress } from "../../src/store/clickhouse/address.ts";
import { type ClickHouse, connectClickHouse } from "../../src/store/clickhouse/connect.ts";
import { startClickHouse } from "../clickhouse/clickhouse-server.ts";

const server = await startClickHouse();

describe("a connection to ClickHouse", () => {
  if ("reason" in server) {
    it("needs chDB", ({ skip }) => skip(server.reason));
    return;
  }
  const connect = (address: string = server.address("default")): ClickHouse =>
    connectClickHouse(parseClickHouseAddress(address), { retryMs: [0, 50] });
  let clickHouse: ClickHouse;
  beforeAll(async () => {
    clickHouse = connect(`${server.address("default")}?compress=true`);
    await clickHouse.run("CREATE TABLE number (n UInt32, text String) ENGINE = MergeTree ORDER BY n");
  });
  afterAll(async () => {
    await clickHouse.close();
    await server.stop();
  });

  it("brings rows there and back, binary ones too", async () => {
    const bytes = Buffer.from([0, 10, 13, 34, 39, 92, 255]);
    const row = Buffer.concat([Buffer.from([7, 0, 0, 0, bytes.length]), bytes]);
    await clickHouse.insert("INSERT INTO number (n, text) FORMAT RowBinary", row);
    expect(await clickHouse.bytes("SELECT n, text FROM number WHERE n = 7")).toEqual(row);
    expect(await clickHouse.rows("SELECT n FROM number WHERE n = 7")).toEqual([{ n: 7 }]);
  });

  it("binds what statements leave open, whatever is in it", async () => {
    const text = 'it\'s \\ a "tab"\t{n:UInt32}\nü';
    const list = ["a'b", "c\\d"];
    const [row] = await clickHouse.rows(
      "SELECT {text:String} AS text, {list:Array(String)} AS list, {n:UInt32} + 1 AS n",
      {
        ...{ text, list },
        n: 41,
      },
    );
    expect(row).toEqual({ text, list, n: 42 });
  });

  it("tells what a statement did wrong, with ClickHouse's number, in one sentence", async () => {
    await expect(clickHouse.rows("SELECT 1 FROM nowhere")).rejects.toMatchObject({
      code: "FLUORO_STORE_WRITE",
      retryable: false,
      message: expect.stringMatching(
        /^ClickHouse at http:\/\/127\.0\.0\.1:\d+ failed: .*nowhere.*\(error 60\)\. Look at/,
      ),
    });
  });

  it("says that nobody answers, that this may pass, and is there again when the server is", async () => {
    await server.kill();
    await expect(clickHouse.run("SELECT 1")).rejects.toMatchObject({
      code: "FLUORO_STORE_UNREACHABLE",
      retryable: true,
      message: expect.stringContaining("does not answer: ECONNREFUSED. Start it"),
    });
    await server.start();
    expect(await clickHouse.rows("SELECT count() AS rows FROM number")).toEqual([{ rows: 1 }]);
  });

  it("asks nothing after it was closed", async () => {
    const closing = connect();
    const asked = closing.rows("SELECT 1 AS one");
    await Promise.all([closing.close(), closing.close()]);
    expect(await asked).toEqual([{ one: 1 }]);
    await expect(closing.run("SELECT 1")).rejects.toMatchObject({ code: "FLUORO_STORE_CLOSED" });
  });
});
