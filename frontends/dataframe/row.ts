import type { Any } from './column-types.ts';
import type { FrameResults } from './frame-results.ts';
import type { Js } from './js-values.ts';

/** The type of a frame's rows: `type Order = Row<typeof orders>`, under options `Row<typeof orders, { int64: 'bigint' }>`. */
export type Row<F extends FrameResults<Any>, O = object> =
  F extends FrameResults<infer S> ? { [K in keyof S]: Js<S[K], O> } : never;
