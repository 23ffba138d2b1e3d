import { XRayClient } from "@aws-sdk/client-xray";
import { describe, expect, it } from "vitest";
import { awsEndpoint, primaryRegion, xrayEndpoint } from "./endpoint.ts";

const regions = [
  "us-east-1",
  "eu-central-1",
  "mars-north-1",
  "cn-north-1",
  "cn-northwest-1",
  "us-gov-west-1",
  "us-iso-east-1",
  "us-isob-east-1",
  "eu-isoe-west-1",
  "us-isof-south-1",
  "eusc-de-east-1",
];

describe("the endpoint of a region", () => {
  const { endpointProvider } = new XRayClient({ region: "us-east-1" }).config;
  const cases = regions.flatMap((region) =>
    [false, true].flatMap((fips) => [false, true].map((dualStack) => [region, fips, dualStack] as const)),
  );

  it.each(cases)("%s (FIPS %s, dual stack %s) is where AWS's own client looks for it", (region, fips, dualStack) => {
    const environment = { AWS_USE_FIPS_ENDPOINT: String(fips), AWS_USE_DUALSTACK_ENDPOINT: String(dualStack) };
    const theirs = endpointProvider({ Region: region, UseFIPS: fips, UseDualStack: dualStack });
    expect(xrayEndpoint({ region, environment }).href).toBe(theirs.url.href);
  });

  it("of STS is built the same way, and each cloud has a region that is always on", () => {
    expect(awsEndpoint("sts", "cn-northwest-1", {}).href).toBe("https://sts.cn-northwest-1.amazonaws.com.cn/");
    expect(regions.map(primaryRegion)).toEqual([
      ...["us-east-1", "us-east-1", "us-east-1", "cn-north-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1"],
      ...["us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1"],
    ]);
  });

  it.each(["eu central", "a.b", "evil.test/", ""])("%j is no region, so no host is made of it", (region) => {
    expect(() => xrayEndpoint({ region, environment: {} })).toThrow(
      expect.objectContaining({ code: "FLUORO_BAD_CONFIG" }),
    );
  });
});

describe("another endpoint", () => {
  const region = "eu-central-1";
  const environment = { AWS_ENDPOINT_URL: "http://all.test:1", AWS_ENDPOINT_URL_XRAY: "http://xray.test:2" };

  it("comes from the configuration, else from AWS's variables, the service's own first", () => {
    expect(xrayEndpoint({ region, environment, endpoint: "https://own.test" }).href).toBe("https://own.test/");
    expect(xrayEndpoint({ region, environment }).href).toBe("http://xray.test:2/");
    expect(awsEndpoint("sts", region, environment).href).toBe("http://all.test:1/");
  });

  it("of the variables is ignored when AWS's switch says so", () => {
    const switched = { ...environment, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };
    expect(xrayEndpoint({ region, environment: switched }).host).toBe("xray.eu-central-1.amazonaws.com");
    expect(xrayEndpoint({ region, environment: switched, endpoint: "own.test:8443/path" }).href).toBe(
      "https://own.test:8443/path",
    );
  });

  it.each(["ftp://own.test", "https://ann:secret@own test", "http://"])(
    "%s is refused, without its secrets",
    (endpoint) => {
      const refused = { code: "FLUORO_BAD_CONFIG", message: expect.not.stringContaining("secret") };
      expect(() => xrayEndpoint({ region, environment: {}, endpoint })).toThrow(expect.objectContaining(refused));
      const variable = { AWS_ENDPOINT_URL_XRAY: endpoint };
      expect(() => xrayEndpoint({ region, environment: variable })).toThrow("AWS_ENDPOINT_URL_XRAY");
    },
  );
});
