import { afterEach, describe, expect, it } from "vitest";
import { localhostTls, serveHttp, serveProxy, serveTcp, type TestServer } from "../../test/fixtures/http-servers.ts";
import { createHttpClient, type HttpClient, type HttpClientOptions } from "./http-client.ts";
import type { ForwardError } from "./way-out.ts";

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

function client(options: HttpClientOptions = {}): HttpClient {
  const http = createHttpClient({ timeoutMs: 10_000, ...options });
  opened.push(http);
  return http;
}

async function server<Server extends TestServer>(starting: Promise<Server>): Promise<Server> {
  const started = await starting;
  opened.push(started);
  return started;
}

const echo = (tls = false): Promise<TestServer> =>
  serveHttp((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method, url, headers } = incoming;
      outgoing.writeHead(200, { "X-Said": "yes" });
      outgoing.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    });
  }, tls);

const failure = (work: Promise<unknown>): Promise<ForwardError> =>
  work.then(
    () => expect.fail("This should have failed."),
    (error: ForwardError) => error,
  );

const post = { method: "POST", body: Buffer.from("hello") };

describe("a request", () => {
  it("goes out as it was asked for, and its answer comes back", async () => {
    const { url, port } = await server(echo());
    const headers = { "X-One": "1", "User-Agent": "me" };
    const answer = await client().request(new URL("/a%20b?c=d#e", url), { ...post, headers });
    expect(answer).toMatchObject({ status: 200, headers: { "x-said": "yes" } });
    expect(JSON.parse(answer.body.toString())).toEqual({
      method: "POST",
      url: "/a%20b?c=d",
      headers: {
        host: `localhost:${port}`,
        connection: "keep-alive",
        "content-length": "5",
        "x-one": "1",
        "user-agent": "me",
      },
      body: "hello",
    });
  });

  it("of a URL with a user says who asks, unless something else does", async () => {
    const { url } = await server(echo());
    url.username = "ann";
    url.password = "s%40cret";
    const authorization = async (headers?: Record<string, string>): Promise<unknown> => {
      const { body } = await client().request(url, { ...post, headers });
      return JSON.parse(body.toString()).headers.authorization;
    };
    expect(await authorization()).toBe(`Basic ${Buffer.from("ann:s@cret").toString("base64")}`);
    expect(await authorization({ authorization: "AWS4" })).toBe("AWS4");
  });

  it("resolves with whatever status, and with an answer in pieces", async () => {
    const { url } = await server(
      serveHttp((_, outgoing) => {
        outgoing.writeHead(503);
        outgoing.write("not ");
        setTimeout(() => outgoing.end("now"), 5);
      }),
    );
    const { status, body } = await client().request(url, post);
    expect([status, body.toString()]).toEqual([503, "not now"]);
  });

  it("keeps connections, and opens no more than it may", async () => {
    const target = await server(
      serveHttp((incoming, outgoing) => {
        incoming.resume().once("end", () => setTimeout(() => outgoing.end(), 5));
      }),
    );
    const http = client({ maxSockets: 3 });
    await Promise.all(Array.from({ length: 30 }, () => http.request(target.url, post)));
    expect(target.connections()).toBe(3);
  });

  it("fails when the client has been closed", async () => {
    const { url } = await server(echo());
    const http = client();
    await http.close();
    await http.close();
    expect(await failure(http.request(url, post))).toMatchObject({ code: "FLUORO_FORWARD", advice: "retry" });
  });
});

describe("a kept connection that has died", () => {
  const reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  it("costs nothing: the request goes out again at once, on a new one", async () => {
    const bodies: string[] = [];
    const target = await server(
      serveTcp((socket, number) => {
        let requests = 0;
        socket.on("data", (data) => {
          requests += 1;
          // The first connection answers once, and is reset by the next request, as behind a restarted load balancer.
          if (number === 1 && requests > 1) socket.resetAndDestroy();
          else {
            bodies.push(data.toString().slice(-5));
            socket.write(reply);
          }
        });
      }),
    );
    const http = client();
    await http.request(target.url, post);
    const answer = await http.request(target.url, { method: "POST", body: Buffer.from("again") });
    expect(answer.body.toString()).toBe("ok");
    expect(bodies).toEqual(["hello", "again"]);
    expect(target.connections()).toBe(2);
  });

  it("is tried again once, not for ever", async () => {
    const target = await server(
      serveTcp((socket, number) => {
        let requests = 0;
        socket.on("data", () => {
          requests += 1;
          if (number === 1 && requests === 1) socket.write(reply);
          else socket.resetAndDestroy();
        });
      }),
    );
    const http = client();
    await http.request(target.url, post);
    const error = await failure(http.request(target.url, post));
    expect(error).toMatchObject({ kind: "other", advice: "retry" });
    expect(error.message).toContain("closed the connection");
    expect(target.connections()).toBe(2);
  });

  it("is not tried again when it had begun to answer", async () => {
    const target = await server(
      serveTcp((socket) => {
        let requests = 0;
        socket.on("data", () => {
          requests += 1;
          if (requests === 1) socket.write(reply);
          else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", () => socket.resetAndDestroy());
        });
      }),
    );
    const http = client();
    await http.request(target.url, post);
    expect(await failure(http.request(target.url, post))).toMatchObject({ advice: "retry" });
    expect(target.connections()).toBe(1);
  });

  it("and a new one that is reset at once is no dead one: that failure is told", async () => {
    const target = await server(serveTcp((socket) => socket.once("data", () => socket.resetAndDestroy())));
    expect(await failure(client().request(target.url, post))).toMatchObject({ kind: "other", advice: "retry" });
    expect(target.connections()).toBe(1);
  });
});

describe("a failure is told by its kind", () => {
  it("nobody listens", async () => {
    const gone = await serveHttp(() => undefined);
    await gone.close();
    const error = await failure(client().request(gone.url, post));
    expect(error).toMatchObject({ kind: "connectionRefused", advice: "retry", code: "FLUORO_FORWARD" });
    expect(error.message).toMatch(
      /^Nothing listens on localhost:\d+ \(connection refused\)\. Start it, or check the port\.$/,
    );
  });

  it("a host that is not found", async () => {
    const error = await failure(client().request(new URL("http://no-such-host.invalid/"), post));
    expect(error).toMatchObject({ kind: "unknownHost", advice: "retry" });
    expect(error.message).toContain('"no-such-host.invalid"');
  });

  it.each([
    ["never answers", () => undefined],
    [
      "answers half",
      (socket: { write(text: string): void }) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha"),
    ],
  ])("a server that %s", async (_, behave) => {
    const target = await server(serveTcp((socket) => socket.once("data", () => behave(socket))));
    const error = await failure(client({ timeoutMs: 60 }).request(target.url, post));
    expect(error).toMatchObject({ kind: "timeout", advice: "retry" });
    expect(error.message).toContain("no answer within 0.06 s");
  });

  it("a request's own time counts before the client's", async () => {
    const target = await server(serveTcp(() => undefined));
    expect((await failure(client().request(target.url, { ...post, timeoutMs: 30 }))).kind).toBe("timeout");
  });

  it("an answer that breaks off", async () => {
    const target = await server(
      serveTcp((socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha"))),
    );
    expect(await failure(client().request(target.url, post))).toMatchObject({ kind: "other", advice: "retry" });
  });

  it("an answer that does not end", async () => {
    const target = await server(
      serveHttp((_, outgoing) => {
        const more = (): void => {
          while (!outgoing.destroyed && outgoing.write("x".repeat(50_000)));
          outgoing.once("drain", more);
        };
        more();
      }),
    );
    const error = await failure(client({ maxAnswerBytes: 200_000 }).request(target.url, post));
    expect(error.message).toContain("more than 200000 bytes");
    const small = await failure(client().request(target.url, { ...post, maxAnswerBytes: 1_000 }));
    expect(small.message).toContain("more than 1000 bytes");
  });

  it("a port that speaks something else", async () => {
    const target = await server(serveTcp((socket) => socket.end("220 mail.test ESMTP\r\n")));
    const error = await failure(client().request(target.url, post));
    expect(error.message).toContain("does not answer in HTTP/1.1");
  });

  it("TLS where there is none", async () => {
    const { port } = await server(echo());
    const error = await failure(client().request(new URL(`https://localhost:${port}`), post));
    expect(error).toMatchObject({ kind: "other", advice: "retry" });
    expect(error.message).toContain("does not speak TLS");
  });

  it("a header that cannot be written", async () => {
    const { url } = await server(echo());
    const error = await failure(client().request(url, { ...post, headers: { "X-Token": "a\nb" } }));
    expect(error).toMatchObject({ kind: "other", advice: "hold" });
  });

  it("a request that its owner stops", async () => {
    const target = await server(serveTcp(() => undefined));
    const stop = new AbortController();
    const waiting = failure(client().request(target.url, { ...post, signal: stop.signal }));
    setTimeout(() => stop.abort(), 20);
    expect(await waiting).toMatchObject({
      kind: "other",
      advice: "retry",
      message: expect.stringContaining("stopped"),
    });
    expect(await failure(client().request(target.url, { ...post, signal: stop.signal }))).toMatchObject({
      advice: "retry",
    });
  });
});

describe("TLS", () => {
  it("wants a certificate that it can trust", async () => {
    const { url } = await server(echo(true));
    const error = await failure(client().request(url, post));
    expect(error).toMatchObject({ kind: "other", advice: "hold" });
    expect(error.message).toMatch(/^The certificate of localhost:\d+ is not trusted .*NoVerifySSL\.$/);
  });

  it("trusts an authority that it is told of, beside the usual ones", async () => {
    const target = await server(echo(true));
    const http = client({ ca: localhostTls });
    for (let n = 0; n < 2; n += 1) expect((await http.request(target.url, post)).status).toBe(200);
    expect(target.connections()).toBe(1);
    // Its address is in the certificate as well; a name that is not must not do.
    expect((await http.request(new URL(`https://127.0.0.1:${target.port}`), post)).status).toBe(200);
    const proxy = await server(serveProxy());
    const misnamed = client({ ca: localhostTls, proxy: proxy.url.href });
    const error = await failure(misnamed.request(new URL(`https://xray.test:${target.port}`), post));
    expect(error).toMatchObject({ advice: "hold", message: expect.stringContaining("not trusted") });
  });

  it("trusts anybody when it is told to", async () => {
    const { url } = await server(echo(true));
    expect((await client({ verifyTls: false }).request(url, post)).status).toBe(200);
  });
});

describe("a proxy", () => {
  it("makes tunnels for https, which are kept", async () => {
    const target = await server(echo(true));
    const proxy = await server(serveProxy());
    const http = client({ proxy: `http://ann:s%40cret@localhost:${proxy.port}`, ca: localhostTls });
    for (let n = 0; n < 2; n += 1) expect((await http.request(target.url, post)).status).toBe(200);
    const authorization = `Basic ${Buffer.from("ann:s@cret").toString("base64")}`;
    expect(proxy.asked).toEqual([{ line: `CONNECT localhost:${target.port}`, authorization }]);
  });

  it("may speak TLS itself", async () => {
    const target = await server(echo(true));
    const proxy = await server(serveProxy({ tls: true }));
    const http = client({ proxy: proxy.url.href, ca: localhostTls });
    expect((await http.request(target.url, post)).status).toBe(200);
    const plain = await server(echo());
    expect((await http.request(plain.url, post)).status).toBe(200);
    expect(proxy.asked.map(({ line }) => line.split(" ")[0])).toEqual(["CONNECT", "POST"]);
  });

  it("is asked for the whole URL of http", async () => {
    const target = await server(echo());
    const proxy = await server(serveProxy());
    const http = client({ proxy: `ann@localhost:${proxy.port}` });
    const { body } = await http.request(new URL("/one", target.url), post);
    expect(JSON.parse(body.toString())).toMatchObject({ url: "/one", body: "hello" });
    expect(proxy.asked).toEqual([
      {
        line: `POST http://localhost:${target.port}/one`,
        authorization: `Basic ${Buffer.from("ann:").toString("base64")}`,
      },
    ]);
  });

  it("for https alone leaves http alone", async () => {
    const plain = await server(echo());
    const secure = await server(echo(true));
    const proxy = await server(serveProxy());
    const http = client({ httpsProxy: proxy.url.href, verifyTls: false });
    await http.request(plain.url, post);
    expect(proxy.asked).toEqual([]);
    await http.request(secure.url, post);
    expect(proxy.asked).toHaveLength(1);
  });

  it("is not asked for what NO_PROXY lists", async () => {
    const target = await server(echo());
    const proxy = await server(serveProxy());
    const http = client({ proxy: proxy.url.href, noProxy: `other.test, localhost:${target.port}` });
    expect((await http.request(target.url, post)).status).toBe(200);
    expect(proxy.asked).toEqual([]);
  });

  it("that wants a user is not taken for the host behind it, and a person must act", async () => {
    const proxy = await server(serveProxy({ refuse: 407 }));
    const http = client({ proxy: proxy.url.href });
    for (const url of ["https://xray.test/", "http://xray.test/"]) {
      const error = await failure(http.request(new URL(url), post));
      expect(error).toMatchObject({ kind: "other", advice: "hold", status: undefined });
      expect(error.message).toContain(`The proxy http://localhost:${proxy.port}`);
    }
  });

  it("that refuses is named without its secrets", async () => {
    const proxy = await server(serveProxy({ refuse: 403 }));
    const http = client({ proxy: `http://ann:secret@localhost:${proxy.port}` });
    const error = await failure(http.request(new URL("https://xray.test/"), post));
    expect(error).toMatchObject({ kind: "other", advice: "retry" });
    expect(error.message).toContain("refuses to connect to xray.test:443 (status 403)");
    expect(error.message).not.toContain("secret");
  });

  it("that is not there, or never answers, is named", async () => {
    const gone = await serveTcp(() => undefined);
    await gone.close();
    const unreachable = await failure(client({ proxy: gone.url.href }).request(new URL("https://xray.test/"), post));
    expect(unreachable.message).toMatch(
      /^The proxy http:\/\/localhost:\d+ cannot be reached \(.*\)\. Look at the proxy/,
    );
    let ended = 0;
    const silent = await server(serveTcp((socket) => socket.resume().once("close", () => (ended += 1))));
    const http = client({ proxy: silent.url.href, timeoutMs: 60 });
    expect((await failure(http.request(new URL("https://xray.test/"), post))).advice).toBe("retry");
    await expect.poll(() => ended).toBe(1);
  });

  it.each(["socks5://host:1080", "http://", "http://ann:secret@:3128", "host name"])("%s is refused", (proxy) => {
    expect(() => createHttpClient({ proxy })).toThrow(
      expect.objectContaining({ code: "FLUORO_BAD_CONFIG", message: expect.not.stringContaining("secret") }),
    );
  });
});
