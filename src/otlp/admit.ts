/** Why somebody is turned away: not known (401), or known and not allowed to send (403). */
interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** Looks at a request's `Authorization`; `undefined` lets it in. */
export type Admit = (authorization: string | undefined) => Refusal | undefined;
