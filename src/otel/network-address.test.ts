import { describe, expect, it } from "vitest";
import { readDatabaseUrl, readUrl } from "./network-address.ts";

describe("a URL", () => {
  it.each([
    ["http://shop/items?page=2#top", { scheme: "http", host: "shop", path: "/items", query: "page=2" }],
    ["HTTPS://user:pw@shop.example.com:8443", { scheme: "https", host: "shop.example.com", port: 8443, path: "" }],
    ["http://[::1]:2000/", { scheme: "http", host: "::1", port: 2000, path: "/" }],
    ["http://shop?q", { scheme: "http", host: "shop", path: "", query: "q" }],
    ["constructor://shop/", { scheme: "constructor", host: "shop", path: "/" }],
  ])("%s is taken apart", (url, parts) => {
    expect(readUrl(url)).toEqual(parts);
  });

  it.each(["", "/items", "shop/items", "http://", "http:///items", "http://shop:port/", "mailto:a@b"])(
    "%j has no host to speak of",
    (url) => {
      expect(readUrl(url)).toBeUndefined();
    },
  );
});

describe("a database's URL", () => {
  it.each([
    ["jdbc:postgresql://db:5432/shop", { host: "db", port: 5432, path: "shop" }],
    ["postgres://user@db.example.com/shop?ssl=1", { host: "db.example.com", path: "shop" }],
    ["jdbc:sqlserver://db:1433;databaseName=shop", { host: "db", port: 1433, path: "" }],
    ["db.example.com:3306/shop", { host: "db.example.com", port: 3306, path: "shop" }],
  ])("%s is taken apart", (url, parts) => {
    expect(readDatabaseUrl(url)).toEqual(parts);
  });

  it.each(["", "jdbc:sqlite:shop.db", "shop", "user@db"])("%j says nothing of a host", (url) => {
    expect(readDatabaseUrl(url)).toBeUndefined();
  });
});
