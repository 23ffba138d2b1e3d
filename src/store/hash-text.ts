/** 32 bits of a text, well mixed (FNV-1a with a final avalanche). Part of the file format: never change it. */
export function hashText(text: string): number {
  return mix(feed(offset, text));
}

/** The hash of the parts put together, with neither building the text nor leaving anything behind to be collected. */
export function hashParts(a: string, b: string, c: string, d: string): number {
  return mix(feed(feed(feed(feed(offset, a), b), c), d));
}

const offset = 0x811c9dc5;

function feed(before: number, text: string): number {
  let hash = before;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

function mix(fed: number): number {
  let hash = Math.imul(fed ^ (fed >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
