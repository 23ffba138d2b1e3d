import type { DescribedCommand, DescribedOption, ValueKind } from "../describe-commands.ts";

/** What bash has to read to complete the command line: `source <(fluoroscope completion bash)`. */
export function bashScript(commands: readonly DescribedCommand[]): string {
  return `# fluoroscope's completion for bash. To have it always: fluoroscope completion bash > \\
#   ~/.local/share/bash-completion/completions/fluoroscope
_fluoroscope_offer() {
  local IFS=$'\\n' cur=$2
  case $1 in
    file) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
    program) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -c -- "$cur"; compgen -f -- "$cur")) ;;
    trace | filter) COMPREPLY=($(fluoroscope completion words "$1" "$cur" 2>/dev/null | cut -f 1)) ;;
    words) COMPREPLY=($(compgen -W "$3" -- "$cur")) ;;
    *) COMPREPLY=() ;;
  esac
}

_fluoroscope() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} first=1 command
  COMPREPLY=()
  if [[ \${COMP_WORDS[0]##*/} == call-api ]]; then command=call first=0; else command=\${COMP_WORDS[1]}; fi
  if ((COMP_CWORD <= first && first == 1)); then
    _fluoroscope_offer words "$cur" $'${commands.map(({ name }) => name).join("\\n")}\\nhelp\\n--help\\n--version'
    return
  fi
  case $command in
${commands.map(commandCase).join("\n")}
    help) _fluoroscope_offer words "$cur" $'${commands.map(({ name }) => name).join("\\n")}' ;;
  esac
}

complete -F _fluoroscope fluoroscope call-api
`;
}

function commandCase({ name, arguments: args, options }: DescribedCommand): string {
  const valued = options.filter(({ value }) => value !== undefined && !value.isOptional);
  const byOffer = new Map<string, string[]>();
  for (const option of valued) {
    const offer = offerOf(option.value!.kind);
    byOffer.set(offer, [...(byOffer.get(offer) ?? []), ...option.names]);
  }
  const cases = [...byOffer].map(([offer, names]) => `        ${names.join(" | ")}) ${offer}; return ;;`);
  const names = options.flatMap((option: DescribedOption) => option.names);
  const rest = args[0]?.kind ?? "none";
  return `    ${name})
      case $prev in
${cases.join("\n")}
      esac
      if [[ $cur == -* ]]; then _fluoroscope_offer words "$cur" $'${names.join("\\n")}'
      else ${offerOf(rest)}; fi ;;`;
}

function offerOf(kind: ValueKind): string {
  if (typeof kind === "object") return `_fluoroscope_offer words "$cur" $'${kind.words.join("\\n")}'`;
  return `_fluoroscope_offer ${kind} "$cur"`;
}
