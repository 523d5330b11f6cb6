import type { KeyBounds } from '../operators/lib/key-ranges.ts';
import { type PhysicalExpr, typeOf } from '../plan/expr.ts';
import { inputsOfExpr } from '../plan/physical-expr.ts';

/**
 * How the rows of a plan lie in partitions.
 * - `single`: all in one.
 * - `keyed`: rows with equal keys are in the same partition, which the keys' hash decides, or with `bounds` the range that the
 *   one key lies in. Each key lists expressions over the rows that have its value.
 * - `any`: nothing is known.
 */
export type Distribution =
  | { readonly kind: 'single' }
  | { readonly kind: 'keyed'; readonly keys: readonly PartitionKey[]; readonly bounds?: KeyBounds | undefined }
  | { readonly kind: 'any' };

/** Expressions of equal value in every row. */
export type PartitionKey = readonly PhysicalExpr[];

export const SINGLE: Distribution = { kind: 'single' };
export const ANY: Distribution = { kind: 'any' };

/** Dealt by the keys' hash, or by the ranges of one key. */
export const keyed = (keys: readonly PhysicalExpr[], bounds?: KeyBounds): Distribution => ({
  kind: 'keyed',
  keys: keys.map(k => [k]),
  bounds,
});

/** Whether two expressions are the same (but for where they stand in a text). */
export const sameExpr = (a: PhysicalExpr, b: PhysicalExpr): boolean => textOf(a) === textOf(b);

const textOf = (e: PhysicalExpr): string => JSON.stringify(e, (key, value) => (key === 'span' ? undefined : value));

/** Whether rows that are equal in all of `exprs` are known to be in one partition. */
export function covers(distribution: Distribution, exprs: readonly PhysicalExpr[]): boolean {
  if (distribution.kind === 'single') return true;
  return distribution.kind === 'keyed' && keyIndexes(distribution.keys, exprs) !== undefined;
}

/** For each key, which of `exprs` has its value; undefined when one has none. */
export function keyIndexes(
  keys: readonly PartitionKey[],
  exprs: readonly PhysicalExpr[],
): readonly number[] | undefined {
  const found = keys.map(key => exprs.findIndex(e => key.some(k => sameExpr(k, e))));
  return found.includes(-1) ? undefined : found;
}

/**
 * The distribution of rows that an operator makes of its input's rows, one of one.
 * @param map the output's expressions for one over the input; none when its value is not handed on
 */
export function mapKeys(
  distribution: Distribution,
  map: (expr: PhysicalExpr) => readonly PhysicalExpr[],
): Distribution {
  if (distribution.kind !== 'keyed') return distribution;
  const keys = distribution.keys.map(key => key.flatMap(map));
  return keys.some(key => key.length === 0) ? ANY : { ...distribution, keys };
}

/** The outputs that a projection has for an expression. */
export function projected(expr: PhysicalExpr, exprs: readonly PhysicalExpr[]): readonly PhysicalExpr[] {
  return exprs.flatMap((e, index) => (sameExpr(e, expr) ? [{ kind: 'input', index, type: typeOf(e) } as const] : []));
}

/** The expression with its inputs at other positions; undefined when one of them has none. */
export function moved(expr: PhysicalExpr, position: (index: number) => number | undefined): PhysicalExpr | undefined {
  if (expr.kind === 'input') {
    const index = position(expr.index);
    return index === undefined ? undefined : { ...expr, index };
  }
  // A key is a column nearly always: other expressions are kept where the positions stay.
  return inputsStay(expr, position) ? expr : undefined;
}

function inputsStay(expr: PhysicalExpr, position: (index: number) => number | undefined): boolean {
  if (expr.kind === 'input') return position(expr.index) === expr.index;
  return inputsOfExpr(expr).every(e => inputsStay(e, position));
}
