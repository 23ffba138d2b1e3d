/** Puts version, date and the settings' table into the source of a manual page. */
export function fillManPage(source, { settings, version, epoch }) {
  const date = new Date(epoch * 1_000).toISOString().slice(0, 10);
  return source
    .replaceAll("@VERSION@", version)
    .replaceAll("@DATE@", date)
    .replace("@FLAGS@\n", () =>
      settings
        .filter(({ names }) => names !== undefined)
        .map(flagEntry)
        .join(""),
    )
    .replace("@SETTINGS@\n", () => settings.map(settingEntry).join(""));
}

function flagEntry({ names: [long, short], value, meaning, fallbackText, fallback }) {
  const argument = value === undefined ? "" : ` \\fI${roff(value)}\\fR`;
  const flags = [...(short === undefined ? [] : [`\\-${short}`]), `\\-\\-${roff(long)}`];
  const byDefault = value === undefined ? undefined : (fallbackText ?? `${fallback}`);
  const end = byDefault === undefined ? "" : `\nDefault: ${prose(byDefault)}.`;
  return `.TP\n\\fB${flags.join("\\fR, \\fB")}\\fR${argument}\n${prose(meaning)}${end}\n`;
}

function settingEntry({ key, environment, meaning }) {
  const variables = environment.map((name) => `\\fB${roff(name)}\\fR`).join(", ");
  return `.TP\n\\fB${roff(key)}\\fR\n${prose(meaning)}\nVariable: ${variables}.\n`;
}

/** Markdown of one line as a line of roff. */
export function prose(text) {
  const plain = text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return roff(plain).replace(/`([^`]*)`/g, "\\fB$1\\fR");
}

/** Hyphens are to be copied as they are typed; a line may not begin with what roff takes for a request. */
export function roff(text) {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/, "\\&$1");
}
