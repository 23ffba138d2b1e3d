/** What a log needs to be; a pino logger fits. Messages are constants, facts are fields. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log that says nothing: the default of every library function. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
