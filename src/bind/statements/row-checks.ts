import type { Check, ForeignKey, TableColumn, TableEntry } from '../../catalog/entry.ts';
import { fullPath } from '../../catalog/schema-key.ts';
import type { Expr } from '../../query/expr.ts';
import type { Query } from '../../query/query.ts';
import { INT32 } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { sameName } from '../scope.ts';
import { type PendingQuery, pendingQuery, pendingRows } from './pending-rows.ts';
import { isOf, type Reference, referencing } from './referencing.ts';

/** A query whose rows violate a constraint; one row at most. */
export type RowCheck = {
  readonly query: PendingQuery;
  readonly failure:
    | { readonly kind: 'check'; readonly table: string; readonly text: string }
    /** A row of the statement refers to nothing: the query's values are those of these columns of the other table. */
    | { readonly kind: 'no-such-key'; readonly columns: readonly string[] }
    /** A row that goes, or changes its key, is referred to by rows with these columns. */
    | { readonly kind: 'still-referenced'; readonly columns: readonly string[] };
};

/** What a statement has to hold against its rows. */
export type RowChecks = {
  /** Over the rows that it writes. */
  readonly rows: readonly RowCheck[];
  /** Over the table as it leaves it. */
  readonly table: readonly RowCheck[];
};

const call = (fn: string, ...args: readonly Expr[]): Expr => ({ kind: 'call', fn, args });
const name = (...path: readonly string[]): Expr => ({ kind: 'name', path });
const ONE: Expr = { kind: 'literal', value: { type: INT32, value: 1 } };
const FIRST = { count: ONE };

/** The checks of a statement that writes rows to a table. @param changed names of the columns written; absent: all */
export function checksOfWrite(b: Binder, table: TableEntry, changed?: readonly string[]): RowChecks {
  const { checks, foreignKeys } = table.constraints;
  const concerns = (columns: readonly string[]) =>
    changed === undefined || columns.some(c => changed.some(o => sameName(o, c)));
  const own = foreignKeys.filter(k => concerns(k.columns));
  const generated = table.columns.filter(c => c.generated !== undefined);
  const rows = [
    ...(generated.length === 0 ? [] : [computedCheck(b, table, generated)]),
    ...checks.map(c => conditionCheck(b, table, c)),
    ...own.filter(k => !isOf(k, table)).map(k => keyExists(b, table, k)),
  ];
  const self = own.filter(k => isOf(k, table)).map(k => selfCheck(b, table, k, 'no-such-key'));
  // New rows take nothing away; changed ones may.
  const lost = changed === undefined ? [] : referencing(b, table).filter(r => concerns(r.key.referenced));
  return { rows, table: [...self, ...lost.map(r => stillReferenced(b, table, r))] };
}

/** The checks of a statement that takes rows from a table. */
export const checksOfDelete = (b: Binder, table: TableEntry): RowChecks => ({
  rows: [],
  table: referencing(b, table).map(r => stillReferenced(b, table, r)),
});

function conditionCheck(b: Binder, table: TableEntry, { expr, text }: Check): RowCheck {
  const query: Query = {
    kind: 'select',
    from: pendingRows(b, table),
    items: [{ expr: ONE }],
    where: call('is false', expr),
    limit: FIRST,
  };
  return { query: pendingQuery(b, query), failure: { kind: 'check', table: table.name, text } };
}

/** Computes generated columns, so that rows for which that fails are not written. It finds no row. */
function computedCheck(b: Binder, table: TableEntry, generated: readonly TableColumn[]): RowCheck {
  const counts = generated.map(c => call('count', name(c.name)));
  const query: Query = {
    kind: 'select',
    from: pendingRows(b, table),
    items: [{ expr: ONE }],
    having: call(
      '<',
      counts.reduce((x, y) => call('+', x, y)),
      { kind: 'literal', value: { type: INT32, value: 0 } },
    ),
  };
  return { query: pendingQuery(b, query), failure: { kind: 'check', table: table.name, text: '' } };
}

function keyExists(b: Binder, table: TableEntry, key: ForeignKey): RowCheck {
  const parent: Query = { kind: 'table', path: fullPath(key.table) };
  return {
    query: pendingQuery(b, withoutParent(pendingRows(b, table), parent, key)),
    failure: { kind: 'no-such-key', columns: key.referenced },
  };
}

function selfCheck(b: Binder, table: TableEntry, key: ForeignKey, kind: 'no-such-key' | 'still-referenced'): RowCheck {
  return {
    query: pendingQuery(b, withoutParent(pendingRows(b, table), pendingRows(b, table), key)),
    failure: { kind, columns: kind === 'no-such-key' ? key.referenced : key.columns },
  };
}

function stillReferenced(b: Binder, table: TableEntry, { from, key }: Reference): RowCheck {
  if (from.id === table.id) return selfCheck(b, table, key, 'still-referenced');
  const child: Query = { kind: 'table', path: fullPath(from) };
  return {
    query: pendingQuery(b, withoutParent(child, pendingRows(b, table), key)),
    failure: { kind: 'still-referenced', columns: key.columns },
  };
}

/** The first row of `child` whose key is complete and in no row of `parent`. */
function withoutParent(child: Query, parent: Query, { columns, referenced }: ForeignKey): Query {
  const [from, to] = ['referring', 'referred'];
  const isSame = columns.map((c, i) => call('=', name(to, referenced[i]!), name(from, c)));
  const exists: Expr = {
    kind: 'exists',
    query: {
      kind: 'select',
      from: { kind: 'alias', input: parent, name: to },
      items: [{ expr: ONE }],
      where: call('and', ...isSame),
    },
  };
  const complete = columns.map(c => call('is not null', name(from, c)));
  return {
    kind: 'select',
    from: { kind: 'alias', input: child, name: from },
    items: columns.map(c => ({ expr: name(from, c) })),
    where: call('and', ...complete, call('not', exists)),
    limit: FIRST,
  };
}
