import { type Operation, operation } from "../operation.ts";
import { findRetrieval, retrievalToken } from "../retrievals.ts";
import { object } from "../validate.ts";

const request = object({ RetrievalToken: retrievalToken });

/** Ends a retrieval: what it would have brought is not given any more. */
export const cancelTraceRetrieval: Operation<"settings" | "now"> = operation({
  name: "CancelTraceRetrieval",
  path: "/CancelTraceRetrieval",
  access: "read",
  request,
  async run({ RetrievalToken }, { settings, now }) {
    return settings.change((all) => {
      const found = findRetrieval(all, RetrievalToken, now() / 1000);
      const retrievals = all.retrievals.map((each) => (each === found ? { ...found, isCancelled: true } : each));
      return { document: { ...all, retrievals }, result: {} };
    });
  },
});
