import { plainText } from "./plain-text.ts";

/** Text that Mermaid takes for nothing but text: all that it could read as its own becomes a number. */
export function mermaidText(text: string, most = 80): string {
  const plain = plainText(text);
  const cut = plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
  return cut.replace(/[^\p{L}\p{N} .,/_?=%…×–-]/gu, (character) => `#${character.codePointAt(0)};`);
}
