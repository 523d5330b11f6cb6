import type { Query } from '../../src/query/query.ts';

/** The plain data of a column of another frame, for `in`: the query has that one column. */
export class SubQueryImpl {
  readonly query: Query;
  constructor(query: Query) {
    this.query = query;
  }
}

/** Whether a value came from `DataFrame.column`. */
export function isSubQuery(value: unknown): value is SubQueryImpl {
  return value instanceof SubQueryImpl;
}

/** To which database a sub-query belongs; sub-queries are plain data, so it is kept beside them. */
const owners = new WeakMap<Query, unknown>();

/** Notes that `query`'s tables are those of the database `owner`. Returns the query. */
export function ownQuery(query: Query, owner: unknown): Query {
  owners.set(query, owner);
  return query;
}

/** Calls `refuse` if a sub-query somewhere in `value`, an expression or an object of them, is of another database. */
export function refuseForeign(value: unknown, owner: unknown, refuse: () => never): void {
  if (typeof value !== 'object' || value === null) return;
  const foreign = owners.get(value as Query);
  if (foreign !== undefined) {
    if (foreign !== owner) refuse();
    return;
  }
  for (const child of Object.values(value)) refuseForeign(child, owner, refuse);
}
