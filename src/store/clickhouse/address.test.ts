import { describe, expect, it } from "vitest";
import { isClickHouseAddress, parseClickHouseAddress, shown } from "./address.ts";

describe("an address of a ClickHouse", () => {
  it("names all that there is to say", () => {
    const text = "clickhouse://ann:p%40ss@db.example:9123/traces?secure=true&compress=true&cluster=main";
    expect(parseClickHouseAddress(text)).toEqual({
      url: "https://db.example:9123",
      username: "ann",
      password: "p@ss",
      database: "traces",
      isCompressed: true,
      cluster: "main",
    });
  });

  it("needs no more than a host", () => {
    expect(parseClickHouseAddress("clickhouse://localhost")).toEqual({
      url: "http://localhost:8123",
      username: "default",
      password: "",
      database: "fluoroscope",
      isCompressed: false,
    });
    expect(parseClickHouseAddress("clickhouse://[::1]").url).toBe("http://[::1]:8123");
  });

  it("is secure at the port for that, and has the port for that when it is", () => {
    expect(parseClickHouseAddress("clickhouse://db.example:8443").url).toBe("https://db.example:8443");
    expect(parseClickHouseAddress("clickhouse://db.example?secure=true").url).toBe("https://db.example:8443");
    expect(parseClickHouseAddress("clickhouse://db.example:8443?secure=false").url).toBe("http://db.example:8443");
  });

  it.each([
    ["postgres://db.example", "names no host"],
    ["clickhouse:///traces", "names no host"],
    ["clickhouse://db.example/tra-ces", '"tra-ces" is not a name'],
    ["clickhouse://db.example/traces;DROP", "is not a name"],
    ["clickhouse://db.example?cluster='x'", "is not a name"],
    ["clickhouse://db.example?secure=yes", 'secure is true or false, not "yes"'],
    ["clickhouse://db.example?tls=true", '"tls" is not known'],
  ])("%s is none: %s", (text, reason) => {
    expect(() => parseClickHouseAddress(text)).toThrow(reason);
  });

  it("is shown without its password, also where it is none", () => {
    expect(shown("clickhouse://ann:secret@db.example/x")).toBe("clickhouse://ann:…@db.example/x");
    expect(() => parseClickHouseAddress("clickhouse://ann:secret@db.example/tra-ces")).toThrow(
      expect.objectContaining({ code: "FLUORO_BAD_CONFIG", message: expect.not.stringContaining("secret") }),
    );
    expect(isClickHouseAddress("clickhouse://db.example")).toBe(true);
    expect(isClickHouseAddress("/var/lib/traces")).toBe(false);
  });
});
