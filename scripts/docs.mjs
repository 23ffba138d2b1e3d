// Writes docs/reference/config.md from the table in src/config.ts; with --check only says whether it is up to date.
// Run: node --import tsx scripts/docs.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { settings } from "../src/config.ts";

const path = new URL("../docs/reference/config.md", import.meta.url);
const page = configPage();

if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== page) {
    console.error("docs/reference/config.md is out of date: run node --import tsx scripts/docs.mjs");
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, page);
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
