import type { IncomingMessage, ServerResponse } from "node:http";
import { segmentUtils } from "./segment-utils.ts";

/** The `http` of a segment: what was asked of the service, and its answer. */
export class IncomingRequestData {
  request: Record<string, unknown>;
  declare response?: object;

  constructor(req: IncomingMessage) {
    const { socket, headers, method, url } = req;
    const forwarded = headers["x-forwarded-for"];
    const scheme = socket && "encrypted" in socket && socket.encrypted ? "https" : "http";
    this.request = {
      method: method ?? "",
      user_agent: headers["user-agent"] ?? "",
      client_ip: (forwarded === undefined ? socket?.remoteAddress : String(forwarded).split(",")[0]) ?? "",
      url: socket ? `${scheme}://${headers.host ?? ""}${url ?? ""}` : "",
      ...(forwarded && { x_forwarded_for: true }),
    };
  }

  close(res: ServerResponse): void {
    this.response = segmentUtils.getHttpResponseData(res);
  }
}
