import type { DataFrame } from '../../frontends/dataframe/index.ts';

/** Whether two types are the same, not only assignable. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only if the type argument is `true`: `expect<Equal<A, B>>()`. */
export function expect<T extends true>(): T | undefined {
  return undefined;
}

/** The columns of a frame. */
export type SchemaOf<F> = F extends DataFrame<infer S> ? { [K in keyof S]: S[K] } : never;
