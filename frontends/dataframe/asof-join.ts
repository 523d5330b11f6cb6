import { RayexecError } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { call, conjunction, name } from './expr-node.ts';
import { DEFAULT_SUFFIX, joinQuery, LEFT, RIGHT } from './join.ts';
import type { KeyMap, SharedKeys } from './join-types.ts';

export interface AsofOptions<L, R> {
  /** The ordered column, a time mostly: a shared name or one pair of names. */
  readonly on: SharedKeys<L, R> | KeyMap<L, R>;
  /** What must be equal: a shared name or several, which come out once, or pairs of names. */
  readonly by?: SharedKeys<L, R> | readonly SharedKeys<L, R>[] | KeyMap<L, R>;
  /** 'backward' (default) finds the last right row at or before, 'forward' the first at or after. */
  readonly direction?: 'backward' | 'forward';
}
type Unchecked = { readonly on: unknown; readonly by?: unknown; readonly direction?: string; readonly suffix?: string };

/** Each left row with the nearest right row, or NULLs. */
export function asofJoinQuery(left: Query, right: Query, options: Unchecked): Query {
  const { direction = 'backward', suffix = DEFAULT_SUFFIX } = options;
  const order = pairsOf(options.on);
  if (order.length !== 1) {
    throw new RayexecError('invalid-argument', 'asofJoin: `on` wants exactly one column, or one pair of columns');
  }
  const equal = options.by === undefined ? [] : pairsOf(options.by);
  const predicate = conjunction([
    ...equal.map(pair => compare('=', pair)),
    compare(direction === 'forward' ? '<=' : '>=', order[0]!),
  ]);
  const condition = { kind: 'predicate', left: LEFT, right: RIGHT, predicate } as const;
  const joined = joinQuery('asof-left', left, right, condition, { suffix });
  // A shared name comes out once, which a predicate alone does not say.
  const twice = isMap(options.by) ? [] : equal.map(([column]) => column + suffix);
  return twice.length === 0 ? joined : { kind: 'drop', input: joined, columns: twice };
}

function pairsOf(on: unknown): (readonly [string, string])[] {
  return isMap(on) ? Object.entries(on) : [on as string | string[]].flat().map(column => [column, column] as const);
}

function isMap(on: unknown): on is Record<string, string> {
  return typeof on === 'object' && on !== null && !Array.isArray(on);
}

function compare(op: string, [left, right]: readonly [string, string]): Expr {
  return call(op, name(LEFT, left), name(RIGHT, right));
}
