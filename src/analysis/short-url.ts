/** A URL without what all URLs of a service share. */
export function shortUrl(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/is.exec(url)?.[1]?.replace(/^(?!\/)/, "/") ?? url;
}
