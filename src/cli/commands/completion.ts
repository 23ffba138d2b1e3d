import { Argument, type Command } from "commander";
import { endpointOf, keyVariable } from "../../ask/ask-server.ts";
import type { CommandEntry } from "../command-table.ts";
import { addHelpEnd } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

/** `fluoroscope completion`: made from the definitions of all commands, so that none is forgotten. */
export function defineFor(table: readonly CommandEntry[]) {
  return (command: Command): ((terminal: Terminal) => Promise<number>) => {
    command
      .addArgument(
        new Argument("<shell>", "whose language the script is in; words is what the scripts ask").choices([
          "bash",
          "zsh",
          "fish",
          "words",
        ]),
      )
      .addArgument(new Argument("[kind]", "with words: of what").choices(["trace", "filter"]))
      .argument("[beginning]", "with words: what has been typed");
    addHelpEnd(
      command,
      ["fluoroscope completion bash > ~/.local/share/bash-completion/completions/fluoroscope"],
      [exitCodes.ok, exitCodes.usage],
    );
    return async (terminal) => {
      const [shell, kind, beginning = ""] = command.args;
      if (shell === "words") {
        const { findFilters, findTraceIds } = await import("../completion/find-words.ts");
        const { environment } = terminal;
        const endpoint = endpointOf(undefined, environment);
        terminal.print(
          kind === "trace" ? await findTraceIds(endpoint, environment[keyVariable], beginning) : findFilters(beginning),
        );
        return exitCodes.ok;
      }
      const { describeCommands } = await import("../describe-commands.ts");
      const commands = await describeCommands(table);
      terminal.print((await scriptFor(shell))(commands).trimEnd());
      return exitCodes.ok;
    };
  };
}

async function scriptFor(shell: string | undefined) {
  if (shell === "zsh") return (await import("../completion/zsh-script.ts")).zshScript;
  if (shell === "fish") return (await import("../completion/fish-script.ts")).fishScript;
  return (await import("../completion/bash-script.ts")).bashScript;
}
