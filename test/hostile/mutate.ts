type Chance = (limit: number) => number;

const longest = 64 * 1024;
const numbers = ["0", "-1", "1e308", "1e999", "4294967296", "9007199254740993", "0.1", "1700000000.5"];

/** Some bytes of a corpus, changed in one to six ways: as noise, by a word of the door, or with a part of another. */
export function mutate(corpus: readonly Uint8Array[], words: readonly string[], chance: Chance): Uint8Array {
  let bytes: Buffer = Buffer.from(corpus[chance(corpus.length)]!);
  for (let changes = 1 + chance(1 + chance(6)); changes > 0; changes -= 1) {
    bytes = change(bytes, { corpus, words, chance }).subarray(0, longest);
  }
  return new Uint8Array(bytes);
}

function change(
  bytes: Buffer,
  { corpus, words, chance }: { corpus: readonly Uint8Array[]; words: readonly string[]; chance: Chance },
): Buffer {
  const at = chance(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + chance(chance(4) === 0 ? 64 : 8));
  const put = (from: number, to: number, middle: Uint8Array): Buffer =>
    Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);
  switch (chance(9)) {
    case 0:
      return put(at, end, Buffer.of(chance(256)));
    case 1:
      return put(at, at, Buffer.of(chance(256)));
    case 2:
      return put(at, end, Buffer.alloc(0));
    case 3:
      return put(at, end, Buffer.from(words[chance(words.length)]!));
    case 4:
      return put(at, at, Buffer.from(words[chance(words.length)]!));
    case 5: {
      const other = corpus[chance(corpus.length)]!;
      const from = chance(other.length + 1);
      return put(at, end, other.subarray(from, from + 1 + chance(200)));
    }
    case 6:
      return put(at, at, Buffer.concat(Array.from({ length: 1 + chance(40) }, () => bytes.subarray(at, end))));
    case 7:
      return replaceToken(bytes, at, chance, words);
    default:
      return flipBit(bytes, at, chance);
  }
}

/** The string or number that stands at a place or behind it, by another: what is written stays well-formed. */
function replaceToken(bytes: Buffer, at: number, chance: Chance, words: readonly string[]): Buffer {
  const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g;
  const text = bytes.toString("latin1");
  token.lastIndex = at;
  const found = token.exec(text);
  if (found === null) return bytes;
  const other = chance(3) === 0 ? words[chance(words.length)]! : numbers[chance(numbers.length)]!;
  return Buffer.from(text.slice(0, found.index) + other + text.slice(token.lastIndex), "latin1");
}

function flipBit(bytes: Buffer, at: number, chance: Chance): Buffer {
  const flipped = Buffer.from(bytes);
  if (at < flipped.length) flipped[at]! ^= 1 << chance(8);
  return flipped;
}
