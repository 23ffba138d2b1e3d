import { Command } from "commander";
import { expect, it } from "vitest";
import { addCurlOptions, type CurlOptions, readBody, readHeaders, readUrl } from "./curl-options.ts";
import { openTerminal } from "./terminal.ts";

const terminal = { ...openTerminal(), readInput: async () => Buffer.from("from\nstdin\n") };

/** What the words of a command line come to. */
async function read(...words: string[]) {
  const command = new Command("call").exitOverride().configureOutput({ writeErr: () => undefined });
  const data = addCurlOptions(command);
  command.parse(words, { from: "user" });
  const flags = command.opts<CurlOptions>();
  const given = data();
  return {
    flags,
    url: readUrl(flags, command.args, given),
    headers: readHeaders(flags, given),
    body: (await readBody(given, terminal))?.toString(),
    wantsJsonOutput: given.wantsJsonOutput,
  };
}

it.each([[["-u", "http://a/"]], [["http://a/"]], [["--url", "http://a/"]], [["--json", "http://a/"]]])(
  "the URL may stand in %j",
  async (words) => {
    expect((await read(...words)).url).toBe("http://a/");
  },
);

it("one URL, no more and no less", async () => {
  await expect(read()).rejects.toThrow("There is no URL to call");
  await expect(read("-u", "http://a/", "http://b/")).rejects.toThrow("One URL at a time");
});

it("data is joined as curl joins it", async () => {
  const { body, headers } = await read("a", "-d", "x=1", "--data-raw", "@y", "-d", "@-");
  expect(body).toBe("x=1&@y&fromstdin");
  expect(headers).toEqual([]);
  expect((await read("a", "--data-binary", "@-")).body).toBe("from\nstdin\n");
});

it("a file that cannot be read is one sentence", async () => {
  await expect(read("a", "-d", "@no-such-file")).rejects.toThrow(
    "The file no-such-file with the data cannot be read (ENOENT)",
  );
});

it("--json with data posts JSON, without it asks for output as JSON", async () => {
  const posted = await read("a", "--json", '{"id":7}');
  expect(posted).toMatchObject({ body: '{"id":7}', wantsJsonOutput: false });
  expect(posted.headers).toEqual([
    ["Accept", "application/json"],
    ["Content-Type", "application/json"],
  ]);
  expect(await read("a", "--json")).toMatchObject({ body: undefined, wantsJsonOutput: true });
  expect(await read("a", "--json", "@-")).toMatchObject({ body: "from\nstdin\n", wantsJsonOutput: false });
  expect(await read("a", "--json", "7", "--json")).toMatchObject({ body: "7", wantsJsonOutput: true });
  expect(await read("--json", "localhost:3000/x")).toMatchObject({ url: "localhost:3000/x", wantsJsonOutput: true });
});

it("headers are read as curl reads them, and win over what is implied", async () => {
  const { headers } = await read("a", "-H", "X-A: 1:2", "-H", "Accept:", "-H", "X-Empty;", "--json", "{}", "-A", "me");
  expect(headers).toEqual([
    ["Content-Type", "application/json"],
    ["User-Agent", "me"],
    ["X-A", "1:2"],
    ["Accept", undefined],
    ["X-Empty", ""],
  ]);
  await expect(read("a", "-H", "nonsense")).rejects.toThrow('"nonsense" is no header');
});

it("short options may stand together", async () => {
  expect((await read("-sLk", "-XPUT", "-m2.5", "a")).flags).toMatchObject({
    silent: true,
    location: true,
    insecure: true,
    request: "PUT",
    maxTime: 2.5,
  });
  await expect(read("a", "-m", "soon")).rejects.toThrow('"soon" does not fit --max-time');
});
