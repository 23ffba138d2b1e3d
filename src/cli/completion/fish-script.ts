import type { DescribedCommand, DescribedOption, ValueKind } from "../describe-commands.ts";

/** What fish has to read to complete the command line: `fluoroscope completion fish | source`. */
export function fishScript(commands: readonly DescribedCommand[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const lines = commands.flatMap((command) => [
    `complete -c fluoroscope -n "not __fish_seen_subcommand_from ${names}" -a ${command.name} -d ${quoted(command.summary)}`,
    ...commandLines(command, "fluoroscope", ` -n "__fish_seen_subcommand_from ${command.name}"`),
  ]);
  const call = commands.find(({ name }) => name === "call");
  return `# fluoroscope's completion for fish. To have it always: fluoroscope completion fish > \\
#   ~/.config/fish/completions/fluoroscope.fish
complete -c fluoroscope -f
complete -c fluoroscope -n "not __fish_seen_subcommand_from ${names}" -l help -s h -d "the commands"
complete -c fluoroscope -n "not __fish_seen_subcommand_from ${names}" -l version -s V -d "the version"
${lines.join("\n")}
complete -c call-api -f
${call === undefined ? "" : commandLines(call, "call-api", "").join("\n")}
`;
}

function commandLines({ arguments: args, options }: DescribedCommand, program: string, when: string): string[] {
  const first = args[0] === undefined ? "" : offerOf(args[0].kind);
  return [
    ...(first === "" ? [] : [`complete -c ${program}${when}${first}`]),
    ...options.map(
      (option) => `complete -c ${program}${when}${namesOf(option)}${restOf(option)} -d ${quoted(option.meaning)}`,
    ),
  ];
}

function namesOf({ names }: DescribedOption): string {
  return names.map((name) => (name.startsWith("--") ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`)).join("");
}

function restOf({ value }: DescribedOption): string {
  if (value === undefined || value.isOptional) return "";
  return ` -r${offerOf(value.kind)}`;
}

function offerOf(kind: ValueKind): string {
  if (typeof kind === "object") return ` -a ${quoted(kind.words.join(" "))}`;
  if (kind === "file") return " -F";
  if (kind === "program") return ' -a "(__fish_complete_command)" -F';
  if (kind === "none") return "";
  return ` -a "(fluoroscope completion words ${kind} (commandline -ct) 2>/dev/null)"`;
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
