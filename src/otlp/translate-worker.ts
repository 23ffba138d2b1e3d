import { parentPort } from "node:worker_threads";
import { translate } from "./translate.ts";
import type { TranslateTask } from "./translate-thread.ts";

// Messages are what `translate-thread.ts` sends this thread.
parentPort?.on("message", ({ bytes, encoding }: TranslateTask) => {
  const translated = translate(bytes, encoding);
  const buffer = translated.kind === "documents" ? translated.documents[0]?.buffer : undefined;
  parentPort?.postMessage(translated, buffer === undefined ? [] : [buffer as ArrayBuffer]);
});
