/** `GET /api/services/series`: what each service did from one point of time to the next. */
export interface ServicesSeries {
  readonly startSeconds: number;
  /** Of each point. */
  readonly periodSeconds: number;
  readonly services: readonly ServiceSeries[];
}

/** A service, and a figure for each point; 0 where nothing finished. */
export interface ServiceSeries {
  readonly name: string;
  readonly type?: string;
  readonly accountId?: string;
  readonly total: readonly number[];
  readonly fault: readonly number[];
  /** Throttles included. */
  readonly error: readonly number[];
  /** Seconds. */
  readonly p95: readonly number[];
}

/** `GET /api/alerts`: the limits that services have. */
export interface ServiceAlerts {
  readonly alerts: readonly ServiceAlert[];
}

/** Above which figures of a service somebody wants to be told. */
export interface ServiceAlert {
  readonly service: string;
  /** Share of its calls, 0 to 100. */
  readonly faultPercent?: number;
  readonly p95Seconds?: number;
}
