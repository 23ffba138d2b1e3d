import { expect, it } from "vitest";
import { readOtlpHeaders } from "./otlp-headers.ts";

it("headers are read from OpenTelemetry's variables, percent-decoded", () => {
  expect(
    readOtlpHeaders({ OTEL_EXPORTER_OTLP_HEADERS: " api-key = a%20b , X-Scope-OrgID=team%2C1,,basic=dXNlcjpwdw==" }),
  ).toEqual({ "api-key": "a b", "x-scope-orgid": "team,1", basic: "dXNlcjpwdw==" });
});

it("the variable for traces goes before the general one, key by key", () => {
  expect(readOtlpHeaders({ OTEL_EXPORTER_OTLP_HEADERS: "a=1,b=1", OTEL_EXPORTER_OTLP_TRACES_HEADERS: "B=2" })).toEqual({
    a: "1",
    b: "2",
  });
});

it("without the variables there are none", () => {
  expect(readOtlpHeaders({})).toEqual({});
});

it.each(["=secret", "secret", "a b=secret", "a=%zzsecret", "a=secret%0d%0aevil: 1", "ok=1,b\u00e9=secret"])(
  "%j is refused, and the secret is not repeated",
  (value) => {
    const read = (): unknown => readOtlpHeaders({ OTEL_EXPORTER_OTLP_TRACES_HEADERS: value });
    expect(read).toThrow(expect.objectContaining({ code: "FLUORO_BAD_CONFIG" }));
    expect(read).toThrow(/^Entry \d of OTEL_EXPORTER_OTLP_TRACES_HEADERS is no header\. Write key=value/);
    expect(read).not.toThrow(/secret/);
  },
);
