import type { DescribedCommand, DescribedOption, ValueKind } from "../describe-commands.ts";

/** What zsh has to read to complete the command line: `source <(fluoroscope completion zsh)`. */
export function zshScript(commands: readonly DescribedCommand[]): string {
  return `#compdef fluoroscope call-api
# fluoroscope's completion for zsh. To have it always, put it into a folder of $fpath as _fluoroscope:
#   fluoroscope completion zsh > "\${fpath[1]}/_fluoroscope"
_fluoroscope_ask() {
  local -a found
  local line
  for line in "\${(@f)$(fluoroscope completion words $1 "$PREFIX" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe $1 found
}

_fluoroscope_trace() { _fluoroscope_ask trace }
_fluoroscope_filter() { _fluoroscope_ask filter }

_fluoroscope_commands() {
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join("\n")}
  )
  _describe command commands
}

_fluoroscope() {
  local context state line curcontext=$curcontext command
  if [[ \${words[1]:t} == call-api ]]; then
    command=call
  else
    _arguments -C '(- *)'{-h,--help}'[the commands]' '(- *)'{-V,--version}'[the version]' '1: :_fluoroscope_commands' '*:: :->rest'
    [[ $state == rest ]] || return
    command=$line[1]
  fi
  case $command in
${commands.map(commandCase).join("\n")}
    help) _fluoroscope_commands ;;
  esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _fluoroscope "$@"; else compdef _fluoroscope fluoroscope call-api; fi
`;
}

function commandCase({ name, arguments: args, options }: DescribedCommand): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...args.map(({ name: each, kind, isVariadic }, index) =>
      isVariadic ? "'*::arguments:_normal'" : quoted(`${index + 1}:${each}:${actionOf(kind)}`),
    ),
  ];
  return `    ${name})\n      _arguments -s \\\n${specs.map((spec) => `        ${spec}`).join(" \\\n")} ;;`;
}

function optionSpecs({ names, meaning, value }: DescribedOption): string[] {
  const text = meaning.replace(/[[\]\\:]/g, "\\$&");
  const action =
    value === undefined || value.isOptional ? "" : `:${value.name.replaceAll(":", "\\:")}:${actionOf(value.kind)}`;
  return names.map((name) => quoted(`*${name}[${text}]${action}`));
}

function actionOf(kind: ValueKind): string {
  if (typeof kind === "object") return `(${kind.words.join(" ")})`;
  switch (kind) {
    case "file":
      return "_files";
    case "program":
      return "_command_names -e";
    case "trace":
      return "_fluoroscope_trace";
    case "filter":
      return "_fluoroscope_filter";
    case "none":
      return " ";
    default:
      return kind satisfies never;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
