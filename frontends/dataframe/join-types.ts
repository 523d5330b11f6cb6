import type { Family, NonNull } from './column-types.ts';
import type { Expr } from './expr.ts';
import type { Cols } from './row-columns.ts';

/** The names of columns that both sides have, with types that compare. */
export type SharedKeys<L, R> = {
  [K in keyof L & keyof R]: NonNull<R[K]> extends Family<L[K]> ? K : never;
}[keyof L & keyof R] &
  string;
/** `{ leftColumn: 'rightColumn' }`; completion offers the right columns that compare with the left one. */
export type KeyMap<L, R> = {
  readonly [K in keyof L]?: { [P in keyof R]: NonNull<R[P]> extends Family<L[K]> ? P : never }[keyof R];
};
/** What rows of two frames meet on: a shared name or several, pairs of names, or a condition over both rows. */
export type On<L, R> =
  | SharedKeys<L, R>
  | readonly SharedKeys<L, R>[]
  | KeyMap<L, R>
  | ((left: Cols<L>, right: Cols<R>) => Expr<'boolean' | null, 'row'>);
/** The shared names of a condition, also those that a pair says twice: such columns come out once. */
export type Once<O> = O extends (...args: never) => unknown
  ? never
  : O extends string | readonly unknown[]
    ? Shared<O>
    : { [K in keyof O]: O[K] extends K ? K : never }[keyof O];
/** One shared name, or several. */
export type Shared<O> = O extends string ? O : O extends readonly (infer N)[] ? N : never;
/** The right side's columns in the output: without those that come out once, clashing ones with the suffix. */
export type RightNames<L, R, X extends string, Dropped> =
  | Exclude<keyof R, keyof L | Dropped>
  | `${Extract<Exclude<keyof R, Dropped>, keyof L> & string}${X}`;

export interface JoinOptions<X extends string> {
  /** What is appended to the name of a right column that the left side has too. Default `_right`. */
  readonly suffix?: X;
  /** NULL keys match each other; goes with pairs of names. */
  readonly nullsEqual?: boolean;
}
