import type { NodeId } from "../../trace/trace.ts";
import { hashText } from "../hash-text.ts";
import type { Database } from "./driver.ts";

/** Numbers of texts and nodes of one part, from 1; 0 stands for "written out in full". */
export interface Numbering {
  numberOfText(text: string): number;
  numberOfNode(node: NodeId): number;
}

/** The way back. Equal nodes are the same object, so that whoever folds them may compare by identity. */
export interface Lookup {
  text(number: number): string;
  node(number: number): NodeId;
}

/** Both tables are read whole when a part is opened, so they must stay small enough for that to be quick. */
const mostEntries = 16_384;
const longestText = 160;
const timesToEarnNumber = 4;

/**
 * The strings that digests of a part share: names, types, methods, annotation keys, and values that come again.
 * Entries are only ever added, in the transaction that first uses them.
 */
export class Dictionary implements Lookup, Numbering {
  readonly #texts: string[] = [];
  readonly #nodes: NodeId[] = [];
  readonly #textNumbers = new Map<string, number>();
  readonly #nodeNumbers = new Map<string, number>();
  /** Hashes of texts met lately and how often: what only looks as if it came again (an address with an id in it) is none. */
  readonly #met = new Uint32Array(65_536);
  readonly #timesMet = new Uint8Array(65_536);
  /** The number last given to a text of that look: two texts of one length are compared sooner than one is hashed. */
  readonly #latest: number[] = new Array<number>(slots).fill(0);
  readonly #latestNodes: number[] = new Array<number>(slots).fill(0);
  #saved = { texts: 0, nodes: 0 };

  text(number: number): string {
    return this.#texts[number - 1]!;
  }

  node(number: number): NodeId {
    return this.#nodes[number - 1]!;
  }

  numberOfText(text: string): number {
    const slot = slotOf(text);
    const latest = this.#latest[slot]!;
    if (this.#texts[latest - 1] === text) return latest;
    const known = this.#textNumbers.get(text);
    if (known !== undefined) {
      this.#latest[slot] = known;
      return known;
    }
    if (text.length > longestText || this.#texts.length >= mostEntries) return 0;
    return this.#isFrequent(hashText(text)) ? this.#addText(text) : 0;
  }

  numberOfNode(node: NodeId): number {
    const slot = slotOf(node.name);
    const latest = this.#latestNodes[slot]!;
    if (latest > 0 && isSame(this.#nodes[latest - 1]!, node)) return latest;
    const known = this.#nodeNumbers.get(nodeKey(node)) ?? (this.#nodes.length >= mostEntries ? 0 : this.#addNode(node));
    this.#latestNodes[slot] = known;
    return known;
  }

  /** Takes in what was added to the file since the last time. Cheap when that is nothing. */
  load(database: Pick<Database, "prepare">): void {
    const texts = database.prepare("SELECT text FROM text WHERE number > ? ORDER BY number");
    for (const row of texts.all(this.#texts.length)) this.#addText((row as { text: string }).text);
    const nodes = database.prepare("SELECT name, type, account FROM node WHERE number > ? ORDER BY number");
    for (const row of nodes.all(this.#nodes.length)) this.#addNode(toNode(row as NodeRow));
    this.#saved = { texts: this.#texts.length, nodes: this.#nodes.length };
  }

  /** Writes new entries within the caller's transaction. If that fails, this dictionary must not be used again. */
  save(database: Database): void {
    const text = database.prepare("INSERT INTO text (number, text) VALUES (?, ?)");
    for (let at = this.#saved.texts; at < this.#texts.length; at++) text.run(at + 1, this.#texts[at]!);
    const node = database.prepare("INSERT INTO node (number, name, type, account) VALUES (?, ?, ?, ?)");
    for (let at = this.#saved.nodes; at < this.#nodes.length; at++) {
      const { name, type, accountId } = this.#nodes[at]!;
      node.run(at + 1, name, type ?? null, accountId ?? null);
    }
    this.#saved = { texts: this.#texts.length, nodes: this.#nodes.length };
  }

  #isFrequent(hash: number): boolean {
    const slot = hash & 0xffff;
    if (this.#met[slot] !== hash) {
      this.#met[slot] = hash;
      this.#timesMet[slot] = 0;
    }
    this.#timesMet[slot]! += 1;
    return this.#timesMet[slot] === timesToEarnNumber;
  }

  #addText(text: string): number {
    const number = this.#texts.push(text);
    this.#textNumbers.set(text, number);
    return number;
  }

  #addNode(node: NodeId): number {
    const number = this.#nodes.push(node);
    this.#nodeNumbers.set(nodeKey(node), number);
    return number;
  }
}

interface NodeRow {
  readonly name: string;
  readonly type: string | null;
  readonly account: string | null;
}

const toNode = ({ name, type, account }: NodeRow): NodeId => ({
  name,
  ...(type === null ? {} : { type }),
  ...(account === null ? {} : { accountId: account }),
});

const slots = 1024;

function slotOf(text: string): number {
  const { length } = text;
  if (length === 0) return 0;
  return (length * 7 + text.charCodeAt(length >> 1) * 31 + text.charCodeAt(length - 1) * 131) % slots;
}

const isSame = (a: NodeId, b: NodeId): boolean => a.name === b.name && a.type === b.type && a.accountId === b.accountId;

/** The lengths in front keep apart what would read the same when run together. */
const nodeKey = ({ name, type, accountId }: NodeId): string =>
  `${name.length},${type?.length},${accountId?.length},${name}${type ?? ""}${accountId ?? ""}`;
