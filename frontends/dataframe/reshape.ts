import { RayexecError } from '../../src/common/errors.ts';
import type { Query } from '../../src/query/query.ts';
import { name, nodeOf } from './expr-node.ts';
import { literal } from './literal.ts';
import { withoutLostConditions } from './lost-condition.ts';
import { type Cols, rowColumns } from './row-columns.ts';

export interface PivotOptions<S, B extends keyof S, N extends keyof S, V extends string | number, R> {
  /** The columns that tell the output rows apart. */
  readonly rows: readonly B[];
  /** The column whose values become columns. */
  readonly on: N;
  /** Which of its values; they name the columns. */
  readonly in: readonly V[];
  /** What each of those columns holds: an aggregate over the rows that fall together. */
  readonly values: (t: Cols<S>) => R;
}

export interface UnpivotOptions<N extends string, A extends string, V extends string> {
  /** The columns that become rows. */
  readonly on: readonly N[];
  /** How the column with their names is called. Default `name`. */
  readonly name?: A;
  /** How the column with their values is called. Default `value`. */
  readonly value?: V;
  /** Whether NULL values make a row too. Default true. */
  readonly includeNulls?: boolean;
}

/** Values of a column into columns. */
export function pivotQuery<S, B extends keyof S & string, N extends keyof S & string, V extends string | number, R>(
  input: Query,
  options: PivotOptions<S, B, N, V, R>,
): Query & { readonly kind: 'pivot' } {
  const expr = withoutLostConditions('pivot', () => options.values(rowColumns<S>()), nodeOf);
  const values = options.in.map(value => ({ expr: literal(value), alias: String(value) }));
  if (values.length === 0) throw new RayexecError('invalid-argument', 'pivot: `in` has no values');
  return {
    kind: 'pivot',
    input,
    on: [{ exprs: [name(options.on)], in: values }],
    using: [{ expr }],
    groupBy: options.rows.map(row => name(row)),
  };
}

/** Columns into rows. */
export function unpivotQuery<N extends string, A extends string, V extends string>(
  input: Query,
  { on, name: names = 'name' as A, value = 'value' as V, includeNulls = true }: UnpivotOptions<N, A, V>,
): Query {
  if (on.length === 0) throw new RayexecError('invalid-argument', 'unpivot: `on` names no columns');
  return {
    kind: 'unpivot',
    input,
    on: on.map(column => ({ exprs: [name(column)] })),
    name: names,
    values: [value],
    includeNulls,
  };
}
