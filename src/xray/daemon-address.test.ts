import fc from "fast-check";
import { expect, it } from "vitest";
import { parseDaemonAddress } from "./daemon-address.ts";

const port = fc.integer({ min: 1, max: 65_535 });
const written = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
);
const bare = (host: string) => host.replace(/^\[(.*)\]$/, "$1");

it("one address is meant for both transports", () => {
  fc.assert(
    fc.property(written, port, (host, port) => {
      const endpoint = { host: bare(host), port };
      expect(parseDaemonAddress(`${host}:${port}`)).toEqual({ udp: endpoint, tcp: endpoint });
    }),
  );
});

it("two addresses may come in any order", () => {
  fc.assert(
    fc.property(written, port, written, port, (udpHost, udpPort, tcpHost, tcpPort) => {
      const [udp, tcp] = [`udp:${udpHost}:${udpPort}`, `tcp:${tcpHost}:${tcpPort}`];
      const expected = { udp: { host: bare(udpHost), port: udpPort }, tcp: { host: bare(tcpHost), port: tcpPort } };
      expect(parseDaemonAddress(`${udp} ${tcp}`)).toEqual(expected);
      expect(parseDaemonAddress(`${tcp} ${udp}`)).toEqual(expected);
    }),
  );
});

it("any text gives an address or an error with its code", () => {
  const word = fc.constantFrom("udp:", "tcp:", ":", " ", "[", "]", "::1", "host", "2000", "70000");
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word).map((words) => words.join("")),
  );
  fc.assert(
    fc.property(text, (given) => {
      try {
        const { udp, tcp } = parseDaemonAddress(given);
        for (const { host, port } of [udp, tcp]) expect(host !== "" && port > 0 && port < 65_536).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ name: "FluoroscopeError", code: "FLUORO_BAD_DAEMON_ADDRESS" });
      }
    }),
  );
});

it("the message shows the value, the reason and what to write", () => {
  expect(() => parseDaemonAddress("tcp:1.2.3.4:3000")).toThrow(
    'The daemon address "tcp:1.2.3.4:3000" has no udp part. Write "host:port", or both "tcp:host:port" and "udp:host:port" with one blank between them; IPv6 as "[::1]:2000".',
  );
});
