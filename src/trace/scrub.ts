/**
 * A document's text with the secrets in its URLs made unreadable: values of query parameters that are named like a secret,
 * and user names and passwords in front of a host. Works on the text, so that a document without URLs of that kind costs
 * next to nothing; JSON stays JSON. Gives the same string back when there is nothing to do.
 */
export function scrubDocument(text: string): string {
  const plain = scrubValuesAfter("=", text);
  const scrubbed = plain.includes(escapedEquals) ? scrubValuesAfter(escapedEquals, plain) : plain;
  // Last: a value that is gone may have ended what looked like a host.
  return scrubbed.includes("@") ? scrubbed.replace(userinfo, `$1${SCRUBBED}@`) : scrubbed;
}

/** Stands where a secret stood. */
const SCRUBBED = "REDACTED";

/** `scheme://user:password@`: from the slashes, plain or escaped, to the last @ before the host ends. */
const userinfo = /(:(?:\\?\/){2})[^\s"'<>\\/?#]*@/g;

/** Gson writes `=` so. */
const escapedEquals = "\\u003d";

/** Looks at what stands before each equals sign: there are few of them, so that most of the text is never looked at. */
function scrubValuesAfter(equals: string, text: string): string {
  let scrubbed = "";
  let copied = 0;
  for (let at = text.indexOf(equals); at !== -1; at = text.indexOf(equals, at + 1)) {
    const from = at + equals.length;
    if (from <= copied || !isSecretName(nameBefore(text, at))) continue;
    value.lastIndex = from;
    value.test(text);
    if (value.lastIndex <= from) continue;
    scrubbed += text.slice(copied, from) + SCRUBBED;
    copied = value.lastIndex;
  }
  return copied === 0 ? text : scrubbed + text.slice(copied);
}

const MAX_NAME_LENGTH = 80;

/** The name of a parameter: after `?`, `&` (which Go escapes), `;`, `#` or at the start of a text. */
function nameBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start <= MAX_NAME_LENGTH && nameCharacter.test(text[start - 1]!)) start -= 1;
  if (text.startsWith("u0026", start) && text[start - 1] === "\\") return text.slice(start + 5, end);
  return '?&;#"'.includes(text[start - 1] ?? "none") ? text.slice(start, end) : "";
}

const nameCharacter = /[\w.%[\]-]/;

/** Up to the next parameter, space, quote or the end. Escapes are taken whole or not at all: none must be cut in two. */
const value = /(?:[^\s"'<>&;#\\]|\\[\\/]|\\u(?!00(?:20|22|26|27|3c|3e))[\da-f]{4})*/giy;

/** These give a name away wherever they stand in it. */
const secretWords = /token|secret|passw|pwd|signature|credential|session|jwt|api[_.-]?key|access[_.-]?key|^x-amz-/i;
/** These only as a whole or as the last part: `sign.key` is a secret, `monkey` and `zipcode` are none. */
const secretParts = /(?:^|[_.[-])(?:key|auth|oauth|authorization|sig)\]?$|^code$/i;
const secretCamelParts = /[a-z\d](?:Key|Auth|Authorization|Sig)$/;

function isSecretName(name: string): boolean {
  return secretWords.test(name) || secretParts.test(name) || secretCamelParts.test(name);
}
