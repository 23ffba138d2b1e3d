import { Segment } from "./segment.ts";

/**
 * Stands for a segment that somebody else makes and sends: subsegments hang from it, and go one by one as they end. It
 * has no end of its own to wait for.
 */
export abstract class FacadeSegment extends Segment {
  constructor(name: string) {
    super(name);
    delete this.in_progress;
    this.counter = 1;
  }

  /** What somebody wants to record on the segment itself. */
  protected abstract told(method: string): void;

  override streamingThreshold(): number {
    return 0;
  }

  override incrementCounter(): void {
    // It waits for nothing.
  }

  override decrementCounter(): void {
    // It waits for nothing.
  }

  override close(): void {
    // Whoever made it ends it.
  }

  override flush(): void {
    // Whoever made it sends it.
  }

  override addAnnotation(_key: string, _value: boolean | string | number): void {
    this.told("addAnnotation");
  }

  override addMetadata(_key: string, _value: unknown, _namespace?: string): void {
    this.told("addMetadata");
  }

  override addError(_err: Error | string, _remote?: boolean): void {
    this.told("addError");
  }

  override addFaultFlag(): void {
    this.told("addFaultFlag");
  }

  override addErrorFlag(): void {
    this.told("addErrorFlag");
  }

  override addThrottleFlag(): void {
    this.told("addThrottleFlag");
  }

  override setUser(_user: string): void {
    this.told("setUser");
  }

  override addIncomingRequestData(): void {
    this.told("addIncomingRequestData");
  }
}
