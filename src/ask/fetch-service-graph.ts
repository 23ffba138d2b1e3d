import type { GetServiceGraphResponse } from "../api/wire.ts";
import type { Server } from "./ask-server.ts";

/** The whole service graph of a range, its pages put together; of the traces that match a filter, if there is one. */
export async function fetchServiceGraph(
  server: Server,
  range: { readonly startSeconds: number; readonly endSeconds: number },
  filter: string | undefined,
): Promise<GetServiceGraphResponse> {
  const question = {
    StartTime: range.startSeconds,
    EndTime: range.endSeconds,
    ...(filter !== undefined && { FilterExpression: filter }),
  };
  let page = await server.post<GetServiceGraphResponse>("/ServiceGraph", question);
  const services = [...page.Services];
  while (page.NextToken !== undefined) {
    page = await server.post<GetServiceGraphResponse>("/ServiceGraph", { ...question, NextToken: page.NextToken });
    services.push(...page.Services);
  }
  return { ...page, Services: services };
}
