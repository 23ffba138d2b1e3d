import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { describeStore } from "./store-contract.ts";
import { describeWeights } from "./weights-contract.ts";

describeStore("the memory store", (options) => new MemoryStore(options));
describeWeights("the memory store", (options) => new MemoryStore(options));
