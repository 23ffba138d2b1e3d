// Writes what the tables of settings say into docs/reference; with --check only says whether it is up to date.
// Run: node --import tsx scripts/docs.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { operations } from "../src/api/operations.ts";
import { awsChoices } from "../src/aws-choices.ts";
import { settings } from "../src/config.ts";
import { daemonSettings } from "../src/daemon/daemon-config.ts";

const isCheck = process.argv.includes("--check");
bring("docs/reference/config.md", configPage);
bring("docs/reference/daemon.md", daemonPage);
bring("docs/reference/http-api.md", httpApiPage);
bring("docs/reference/aws-choices.md", choicesPage);

function bring(name, page) {
  const path = new URL(`../${name}`, import.meta.url);
  const old = readFileSync(path, "utf8");
  const now = page(old);
  if (!isCheck) writeFileSync(path, now);
  else if (old !== now) {
    console.error(`${name} is out of date: run node --import tsx scripts/docs.mjs`);
    process.exitCode = 1;
  }
}

function configPage() {
  const rows = Object.entries(settings).map(([key, setting]) => {
    const flag =
      setting.value === undefined ? setting.flag : `${setting.flag} <${setting.value.replaceAll("|", "\\|")}>`;
    const variables = setting.environment.map((name) => `\`${name}\``).join(", ");
    const fallback = setting.fallbackText ?? `\`${setting.fallback({})}\``;
    return `| \`${key}\` | \`${flag}\` | ${variables} | ${fallback} | ${setting.meaning} |`;
  });
  return `# Configuration

<!-- Made from src/config.ts by scripts/docs.mjs. Change it there. -->

Every setting of \`fluoroscope up\` has a flag, an environment variable and a member of the configuration file. A flag goes
before a variable, a variable before the file, the file before the default. \`fluoroscope config\` prints each value and
where it came from.

The file is \`fluoroscope/config.json\` in \`$XDG_CONFIG_HOME\` (or in \`~/.config\`), or the one that \`--config\` names:

\`\`\`json
{ "port": 2001, "retention": "30d", "maxSize": "50GB" }
\`\`\`

Switches (flags without a value) are \`true\` or \`false\` in a variable or in the file. Sizes are \`500MB\`, \`10GB\`, or
\`1GiB\`; durations \`90s\`, \`12h\`, \`7d\`.

| setting | flag | variable | default | meaning |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

/** The page is written by hand but for its tables of settings, which stand between comments. */
function daemonPage(old) {
  const all = Object.values(daemonSettings);
  const tables = {
    originals: daemonTable(all.filter(({ original }) => original !== undefined)),
    ours: daemonTable(all.filter(({ original }) => original === undefined)),
  };
  return withTables(old, tables, "src/daemon/daemon-config.ts");
}

/** The page with each table between its comments. */
function withTables(old, tables, source) {
  return Object.entries(tables).reduce((page, [name, table]) => {
    const begin = `<!-- ${name}: made from ${source} by scripts/docs.mjs -->\n`;
    const [before, after] = page.split(begin);
    if (after === undefined) throw new Error(`a page has lost its line ${begin}`);
    return `${before}${begin}${table}${after.slice(after.indexOf("<!-- end -->"))}`;
  }, old);
}

/** Written by hand but for its table. */
function choicesPage(old) {
  const rows = Object.entries(awsChoices).map(([key, { question, values, meaning }]) => {
    const [ours, ...others] = values.map((value) => `\`${value}\``);
    return `| \`${key}\` | ${question} | ${ours} | ${others.join(", ")} | ${meaning} |`;
  });
  const head = ["| key | question | ours | or | meaning |", "|---|---|---|---|---|"];
  return withTables(old, { choices: [...head, ...rows, ""].join("\n") }, "src/aws-choices.ts");
}

/** Written by hand but for what each operation takes. */
function httpApiPage(old) {
  const whom = { read: "read", write: "write", manage: "all", sample: "any" };
  const rows = operations.map(({ name, path, access, request }) => {
    const members = membersOf(request.members).map(([member, says]) => `\`${member}\` ${says}`);
    return `| ${name} | \`${path}\` | ${whom[access]} | ${members.join("<br>")} |`;
  });
  const head = ["| operation | path | key | members of the request |", "|---|---|---|---|"];
  return withTables(old, { operations: [...head, ...rows, ""].join("\n") }, "src/api/operations.ts");
}

/** With their path from the body down; `?` marks those that may be left out. */
function membersOf(members = {}, before = "") {
  return Object.entries(members).flatMap(([name, check]) => {
    const path = `${before}${name}${check.says.startsWith("list") ? "[]" : ""}`;
    const says = check.says.replaceAll("|", "\\|");
    return [[`${path}${check.isOptional ? "?" : ""}`, says], ...membersOf(check.members, `${path}.`)];
  });
}

function daemonTable(rows) {
  const lines = rows.map(({ names = [], value, key, environment, fallback, fallbackText, meaning }) => {
    const [long, short] = names;
    const flags = [short && `-${short}`, long && `--${long}`].filter(Boolean).map((flag) => `\`${flag}\``);
    const shown = flags.length > 0 && value !== undefined ? ` \`<${value.replaceAll("|", "\\|")}>\`` : "";
    const variables = environment.map((name) => `\`${name}\``).join(", ");
    return `| ${flags.join(", ")}${shown} | \`${key}\` | ${variables} | ${fallbackText ?? `\`${fallback}\``} | ${meaning} |`;
  });
  return ["| flag | in cfg.yaml | variable | default | meaning |", "|---|---|---|---|---|", ...lines, ""].join("\n");
}
