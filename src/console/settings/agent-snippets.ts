import type { Snippet } from "../first-run/snippets.ts";

/** The ways to connect an agent to the server at this address. */
export function agentSnippets(http: string): readonly Snippet[] {
  const isDefault = http === "http://127.0.0.1:2000";
  const args = ["fluoroscope", "mcp", ...(isDefault ? [] : ["--endpoint", http])];
  const servers = { mcpServers: { fluoroscope: { command: "npx", args } } };
  return [
    {
      id: "json",
      label: "Configuration file",
      hint: "What most agents and editors read: a server that they start themselves.",
      text: JSON.stringify(servers, undefined, 2),
    },
    {
      id: "cli",
      label: "Command line",
      hint: "The command to give wherever one is asked for. It speaks over stdin and stdout.",
      text: `npx ${args.join(" ")}`,
    },
    {
      id: "http",
      label: "Over HTTP",
      hint: "This server's own address, for agents that speak MCP over HTTP.",
      text: `${http}/mcp`,
    },
  ];
}
