import type { Expr } from '../../src/query/expr.ts';
import type { Query, SelectQuery } from '../../src/query/query.ts';
import { INT32, UTF8 } from '../../src/types/data-type.ts';

/** A name: `name('t', 'a')` is t.a. */
export const name = (...path: string[]): Expr => ({ kind: 'name', path });

/** A constant INTEGER or VARCHAR. */
export const literal = (value: number | string): Expr => ({
  kind: 'literal',
  value: { type: typeof value === 'number' ? INT32 : UTF8, value },
});

/** A call or operator. */
export const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args });

/** A table by its path. */
export const table = (...path: string[]): Query => ({ kind: 'table', path });

/** `SELECT * FROM t` with other clauses. */
export const select = (parts: Partial<SelectQuery> = {}): Query => ({
  kind: 'select',
  from: table('t'),
  items: [{ expr: { kind: 'star' } }],
  ...parts,
});
