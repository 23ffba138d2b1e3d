import { criticalPath, type PathColumns } from "../../analysis/critical-path.ts";

/** What of a trace can be sent to a worker quickly: of its labels only whose they are. */
export type SentColumns = Omit<PathColumns, "labels"> & { readonly serviceOfLabel: Uint32Array };

// Large traces only: the page itself finds the path of a small one sooner than a worker starts.
self.onmessage = ({ data }: MessageEvent<SentColumns>): void => {
  const { serviceOfLabel, ...columns } = data;
  const labels = Array.from(serviceOfLabel, (service) => ({ name: "", service, detail: "" }));
  self.postMessage(criticalPath({ ...columns, labels }));
};
