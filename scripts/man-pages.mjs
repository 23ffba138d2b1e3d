// Makes the manual pages of the commands from their definitions, into packaging/man; with --check only says whether they are
// up to date. The daemon's page is written by hand. Version and date are put in when a package is built.
// Run: node --import tsx scripts/man-pages.mjs
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { prose, roff } from "../packaging/build/man-page.mjs";
import { commandTable } from "../src/cli/command-table.ts";
import { exitCodeMeanings, helpEndOf } from "../src/cli/common-options.ts";
import { describeCommands } from "../src/cli/describe-commands.ts";

const isCheck = process.argv.includes("--check");
const commands = await describeCommands(commandTable);
bring("fluoroscope.1", mainPage());
for (const described of commands) {
  if (described.command !== undefined) bring(`fluoroscope-${described.name}.1`, commandPage(described));
}

function bring(name, page) {
  const path = new URL(`../packaging/man/${name}`, import.meta.url);
  const old = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (!isCheck) writeFileSync(path, page);
  else if (old !== page) {
    console.error(`packaging/man/${name} is out of date: run node --import tsx scripts/man-pages.mjs`);
    process.exitCode = 1;
  }
}

function mainPage() {
  const entries = commands.map(({ name, summary }) => `.TP\n.BR fluoroscope\\-${name} (1)\n${sentence(summary)}`);
  return page("fluoroscope", [
    section("NAME", "fluoroscope \\- X\\-Ray you can run anywhere"),
    section("SYNOPSIS", ".B fluoroscope\n.I command\n.RI [ options ]"),
    section(
      "DESCRIPTION",
      "Daemon, service API, trace store and live service map in one program, without an AWS account.\nEach command has a page of its own, and explains itself:\n.B fluoroscope\n.I command\n.BR \\-\\-help .",
    ),
    section("COMMANDS", entries.join("\n")),
    environmentSection(),
    section("EXIT STATUS", exitCodesOf(Object.keys(exitCodeMeanings).map(Number))),
    seeAlso(commands.map(({ name }) => `fluoroscope-${name}`)),
  ]);
}

function commandPage({ name, summary, arguments: args, options, command }) {
  const words = args.map(({ name: each, isRequired, isVariadic }) => {
    const text = `${roff(each)}${isVariadic ? " ..." : ""}`;
    return isRequired ? `.I ${text}` : `.RI [ ${text.replaceAll(" ", "\\ ")} ]`;
  });
  const { examples = [], codes = [], otherwise } = helpEndOf(command) ?? {};
  const title = `fluoroscope-${name}`;
  return page(title, [
    section("NAME", `${roff(title)} \\- ${prose(summary)}`),
    section("SYNOPSIS", [`.B fluoroscope ${roff(name)}`, ".RI [ options ]", ...words].join("\n")),
    ...(args.some(({ meaning }) => meaning !== "")
      ? [
          section(
            "ARGUMENTS",
            args
              .filter(({ meaning }) => meaning !== "")
              .map(argumentEntry)
              .join("\n"),
          ),
        ]
      : []),
    section("OPTIONS", options.map((option) => optionEntry(option, command)).join("\n")),
    section("EXAMPLES", examples.map((example) => `.PP\n.nf\n${roff(example)}\n.fi`).join("\n")),
    environmentSection(),
    section("EXIT STATUS", `${exitCodesOf(codes)}${otherwise === undefined ? "" : `\n.PP\n${sentence(otherwise)}`}`),
    seeAlso(["fluoroscope"]),
  ]);
}

function page(title, sections) {
  const head = [
    '.\\" Made by scripts/man-pages.mjs from the definitions of the commands. Change them there.',
    `.TH ${roff(title.toUpperCase())} 1 "@DATE@" "fluoroscope @VERSION@" "User Commands"`,
    '.\\" Names are to be copied: none is hyphenated.',
    ".nh",
    ".ad l",
  ];
  return `${[...head, ...sections].join("\n")}\n`;
}

function section(title, text) {
  return `.SH ${title}\n${text}`;
}

function argumentEntry({ name, meaning }) {
  return `.TP\n.I ${roff(name)}\n${sentence(meaning)}`;
}

function optionEntry({ names, meaning, value }, command) {
  const short = names.filter((name) => !name.startsWith("--"));
  const long = names.filter((name) => name.startsWith("--"));
  const argument =
    value === undefined ? "" : value.isOptional ? ` [\\fI${roff(value.name)}\\fR]` : ` \\fI${roff(value.name)}\\fR`;
  const flags = [...short, ...long].map((name) => `\\fB${roff(name)}\\fR`).join(", ");
  const option = command.options.find(({ long: each, short: other }) => names.includes(each ?? other));
  const choices = typeof value?.kind === "object" ? ` One of ${value.kind.words.map(roff).join(", ")}.` : "";
  const fallback = option?.defaultValueDescription ?? option?.defaultValue;
  const byDefault =
    fallback === undefined || typeof fallback === "boolean" || typeof fallback === "object"
      ? ""
      : ` Default: ${roff(String(fallback))}.`;
  return `.TP\n${flags}${argument}\n${sentence(meaning)}${choices}${byDefault}`;
}

function exitCodesOf(codes) {
  return codes.map((code) => `.TP\n.B ${code}\n${sentence(exitCodeMeanings[code])}`).join("\n");
}

function environmentSection() {
  const variables = [
    ["AWS_ENDPOINT_URL_XRAY", "The API that is asked (http://127.0.0.1:2000)."],
    ["AWS_XRAY_DAEMON_ADDRESS", "Where segments are sent (127.0.0.1:2000)."],
    ["FLUOROSCOPE_KEY", "The access key for servers that want one, as id:secret."],
    ["FLUOROSCOPE_NODE", "The Node.js program to run on; otherwise the first on the path that is new enough."],
    ["NO_COLOR, FORCE_COLOR, FORCE_HYPERLINK, COLUMNS", "How things are drawn, where the terminal is not to decide."],
  ];
  return section(
    "ENVIRONMENT",
    variables.map(([name, meaning]) => `.TP\n.B ${roff(name)}\n${roff(meaning)}`).join("\n"),
  );
}

function seeAlso(titles) {
  return section(
    "SEE ALSO",
    titles
      .map((title) => `.BR ${roff(title)} (1)`)
      .join(",\n")
      .replaceAll("(1),\n", "(1),\n"),
  );
}

/** A capital at the beginning, but for our own name, and a full stop at the end. */
function sentence(text) {
  const whole = /[.!?]$/.test(text) ? text : `${text}.`;
  return prose(whole.startsWith("fluoroscope") ? whole : whole.charAt(0).toUpperCase() + whole.slice(1));
}
