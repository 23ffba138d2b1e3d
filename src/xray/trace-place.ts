/**
 * Where a trace falls between 0 and 1, evenly spread and by its id alone: every node and every run agree which traces a
 * share is made of. Those that a share keeps are the ones below it, so a greater share keeps them too. Of the id all digits
 * count, since senders differ in which are random. Never change it: what was kept by it would be judged anew.
 */
export function tracePlace(traceId: string): number {
  let hash = 0x5bd1e995;
  for (let at = 0; at < traceId.length; at++) hash = Math.imul(hash ^ traceId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
