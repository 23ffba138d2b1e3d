const colours = 10;
const taken = new Map<string, number>();
const used = new Set<number>();

/**
 * The colour of a service, the same all over the page. Each name has a colour that it would like; while there are free
 * ones, no two services share theirs.
 */
export function serviceColour(name: string): string {
  let colour = taken.get(name);
  if (colour === undefined) {
    const wish = hash(name) % colours;
    colour = wish;
    for (let step = 0; step < colours && used.has(colour); step += 1) colour = (wish + step) % colours;
    if (used.has(colour)) colour = wish;
    taken.set(name, colour);
    used.add(colour);
  }
  return `var(--service-${colour + 1})`;
}

function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 8) ^ (sum & 0xff);
}
