/** What the program tells its caller when it ends; docs/reference/cli.md says the same. */
export const exitCodes = {
  ok: 0,
  /** A mistake in the command, its options or its input. */
  usage: 1,
  /** No answer: the request could not be sent, or the server cannot be reached or started. */
  unreachable: 2,
  /** The trace is not there, or was not complete in time. */
  incomplete: 3,
  /** `call --assert`, and something else is the case. */
  unmet: 4,
  /** `call --fail` and an HTTP status of 400 or more; curl's number. */
  httpError: 22,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;
