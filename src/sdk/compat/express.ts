import type { IncomingMessage, ServerResponse } from "node:http";
import { getNamespace, isAutomaticMode, resolveSegment, runWithinSegment } from "./context.ts";
import { getLogger } from "./logger.ts";
import { middleware } from "./middleware.ts";
import type { Segment } from "./segment.ts";
import { surroundingSpan } from "./span-beside.ts";

type Request = IncomingMessage & { segment?: Segment };
type Next = (error?: unknown) => void;

declare global {
  // Express's own way to let others say what they leave at a request.
  namespace Express {
    interface Request {
      segment?: Segment;
    }
  }
}

/** Express middleware that gives each request a segment. First of all. */
export function openSegment(defaultName: string): (req: Request, res: ServerResponse, next: Next) => void {
  if (!defaultName || typeof defaultName !== "string") {
    throw new Error("Default segment name was not supplied.  Please provide a string.");
  }
  middleware.setDefaultName(defaultName);
  return (req, res, next) => {
    // A request that OpenTelemetry traces already has its segment.
    const segment = surroundingSpan() ?? middleware.traceRequestResponseCycle(req, res);
    if (!isAutomaticMode()) {
      req.segment = segment;
      next();
      return;
    }
    runWithinSegment(segment, () => {
      getNamespace().bindEmitter(req);
      getNamespace().bindEmitter(res);
      next();
    });
  };
}

/** Express middleware that gives the segment the error with which a request ends. Last of all. */
export function closeSegment(): (err: unknown, req: Request, res: ServerResponse, next: Next) => void {
  return (err, req, _res, next) => {
    const segment = resolveSegment(req.segment);
    if (segment && err) {
      segment.addError(err as Error);
      getLogger().debug("An error of Express was added to the segment.");
    }
    next(err);
  };
}
