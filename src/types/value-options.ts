/** How values of SQL types without an exact JavaScript counterpart come out. Static row types follow the options. */
export interface ValueOptions {
  /** 64 and 128 bit integers, `count` too. Default 'number': an error, never a rounded value, beyond 2^53 - 1. */
  readonly int64?: 'number' | 'bigint' | 'string';
  /** Default 'number': the nearest double. 'exact' is an error where the double would print another decimal. */
  readonly decimal?: 'number' | 'exact' | 'string';
  /** Default 'date': a Date at midnight UTC. 'temporal' wants a runtime with `Temporal`. */
  readonly date?: 'date' | 'string' | 'temporal' | 'days';
  /** Default 'date': a Date, which has milliseconds; the others keep all digits ('micros' is a bigint). */
  readonly timestamp?: 'date' | 'string' | 'temporal' | 'micros';
}

/** A span of time in SQL's three independent units. */
export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: number;
}
/** What a `Temporal` object surely offers, so that the types need no `Temporal` library. */
export interface TemporalLike {
  toString(): string;
  equals(other: unknown): boolean;
}
