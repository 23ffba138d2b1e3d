import type { NodeId } from "../trace/trace.ts";

/** Gives every distinct node a small number, from 0 on: cheaper to count with than the three texts of its identity. */
export class NodeTable {
  readonly ids: NodeId[] = [];
  private readonly byName = new Map<string, number[]>();

  indexOf(id: NodeId): number {
    const namesakes = this.byName.get(id.name);
    if (namesakes === undefined) {
      this.byName.set(id.name, [this.ids.length]);
      return this.ids.push(id) - 1;
    }
    for (const index of namesakes) {
      const known = this.ids[index]!;
      if (known === id || (known.type === id.type && known.accountId === id.accountId)) return index;
    }
    namesakes.push(this.ids.length);
    return this.ids.push(id) - 1;
  }
}
