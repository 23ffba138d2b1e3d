const head = `# Settings of the daemon, each with its default. Take away "# " before a line (and before the name of its section) to
# change one; then: systemctl reload-or-restart fluoroscope-daemon. All about them: man fluoroscope-daemon.
Version: 2
`;

/** cfg.yaml as it is installed: every setting of the daemon in a comment, so that the file changes nothing. */
export function configTemplate(settings) {
  const sections = new Map();
  for (const setting of settings) {
    const [name, section = ""] = setting.key.split(".").reverse();
    const lines = linesOf(name, setting, section === "" ? "" : "  ");
    sections.set(section, [...(sections.get(section) ?? []), ...lines]);
  }
  const { "": plain = [], ...nested } = Object.fromEntries(sections);
  const blocks = Object.entries(nested).map(([section, lines]) => [`# ${section}:`, ...lines]);
  return [head, ...[plain, ...blocks].map((lines) => `${lines.join("\n")}\n`)].join("\n");
}

function linesOf(name, setting, indent) {
  return [`## ${indent}${setting.meaning}`, `# ${indent}${name}: ${defaultText(setting)}`];
}

/** The default as cfg.yaml writes it. An empty text is what the daemon takes for no setting at all. */
function defaultText({ fallback, fallbackText = "" }) {
  const [, code] = /^`([^`<]*)`$/.exec(fallbackText) ?? [];
  if (code !== undefined) return quoteIfNeeded(code);
  if (Array.isArray(fallback)) return fallback.join(",");
  return fallback === undefined || typeof fallback === "object" ? '""' : String(fallback);
}

const quoteIfNeeded = (text) => (/[:#]/.test(text) ? JSON.stringify(text) : text);
