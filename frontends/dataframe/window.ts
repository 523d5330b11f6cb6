import type { FrameBound, SortKey, WindowFrame, WindowSpec } from '../../src/query/expr.ts';
import type { Any } from './column-types.ts';
import type { Expr } from './expr.ts';
import { isExpr, nodeOf } from './expr-node.ts';
import { integer, literal } from './literal.ts';
import { Order } from './sort-key.ts';

type RowExpr = Expr<Any, 'row'>;
type RowOrder = RowExpr | Order<'row'>;

/** A window: which rows belong together, in which order, and which of them around the current one count. */
export interface Over {
  readonly partitionBy?: RowExpr | readonly RowExpr[];
  readonly orderBy?: RowOrder | readonly RowOrder[];
  /** From and to, in rows relative to the current one; null is unbounded: `[-2, 0]` are this and the two before. */
  readonly rows?: readonly [from: number | null, to: number | null];
  /** From and to, in values of the one `orderBy` relative to the current row's. */
  readonly range?: readonly [from: number | null, to: number | null];
  /** From and to, in groups of rows that `orderBy` does not tell apart, relative to the current row's. */
  readonly groups?: readonly [from: number | null, to: number | null];
  /** Rows that the frame leaves out: the current one, it and its peers, or just its peers. */
  readonly exclude?: 'current-row' | 'group' | 'ties';
}

/** `null` if a window's frame may have no rows, because it does not surely hold the current one: `rows: [-2, -1]`. */
export type NullIfFrameEmpty<W> = W extends readonly [{ readonly exclude: 'current-row' | 'group' }]
  ? null
  : W extends readonly [{ readonly rows: infer F } | { readonly range: infer F } | { readonly groups: infer F }]
    ? F extends readonly [infer From, infer To]
      ? [StartsByNow<From>, EndsFromNow<To>] extends [true, true]
        ? never
        : null
      : null
    : never;
type StartsByNow<N> = N extends null | 0 ? true : N extends number ? IsNegative<N> : false;
type EndsFromNow<N> = N extends null
  ? true
  : N extends number
    ? number extends N
      ? false
      : IsNegative<N> extends true
        ? false
        : true
    : false;
type IsNegative<N extends number> = `${N}` extends `-${string}` ? true : false;

/** The window that the arguments of `.over(…)` describe: partition expressions, or one specification. */
export function windowSpec(by: readonly unknown[]): WindowSpec {
  const [only] = by;
  if (by.length === 1 && !isExpr(only)) return fromOver(only as Over);
  return by.length === 0 ? {} : { partitionBy: by.map(nodeOf) };
}

/** What ORDER BY sorts by, of an expression or an expression with a direction. */
export function sortKey(by: unknown): SortKey {
  return by instanceof Order ? by.key : { expr: nodeOf(by) };
}

function fromOver({ partitionBy, orderBy, rows, range, groups, exclude }: Over): WindowSpec {
  const partition = asArray(partitionBy ?? []).map(nodeOf);
  const order = asArray(orderBy ?? []).map(sortKey);
  const frame = rows
    ? frameOf('rows', rows)
    : groups
      ? frameOf('groups', groups)
      : range || exclude
        ? frameOf('range', range ?? [null, order.length === 0 ? null : 0])
        : undefined;
  return {
    ...(partition.length > 0 && { partitionBy: partition }),
    ...(order.length > 0 && { orderBy: order }),
    ...(frame && { frame: exclude ? { ...frame, exclude } : frame }),
  };
}

function frameOf(unit: WindowFrame['unit'], [from, to]: readonly [number | null, number | null]): WindowFrame {
  const start: FrameBound = from === null ? { kind: 'unbounded-preceding' } : bound(unit, from);
  const end: FrameBound = to === null ? { kind: 'unbounded-following' } : bound(unit, to);
  return { unit, start, end };
}

function bound(unit: WindowFrame['unit'], offset: number): FrameBound {
  if (offset === 0) return { kind: 'current-row' };
  const distance = Math.abs(offset);
  return {
    kind: offset < 0 ? 'preceding' : 'following',
    offset: unit === 'range' ? literal(distance) : integer(distance),
  };
}

function asArray<T>(x: T | readonly T[]): readonly T[] {
  return Array.isArray(x) ? x : [x as T];
}
