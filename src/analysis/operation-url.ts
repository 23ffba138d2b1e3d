/** Digits, a UUID, or letters and digits at random: what differs from request to request. */
const idLike = /^(\d+|[0-9a-f]{8}-[0-9a-f-]{20,}|(?=[^/]*\d)[\w-]{12,})$/i;

/**
 * What the URLs of one operation have in common: all of it up to the first part that looks like an id, or up to the query.
 *
 * @example operationUrl("http://shop/orders/4711/items?page=2") // "http://shop/orders/"
 */
export function operationUrl(url: string): string {
  const query = url.indexOf("?");
  const end = query === -1 ? url.length : query;
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0].length ?? 0;
  let at = url.indexOf("/", origin);
  while (at !== -1 && at < end) {
    const next = url.indexOf("/", at + 1);
    const until = next === -1 || next > end ? end : next;
    if (idLike.test(url.slice(at + 1, until))) return url.slice(0, at + 1);
    at = next;
  }
  return query === -1 ? url : url.slice(0, query + 1);
}
