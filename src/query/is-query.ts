import type { TypeRef } from './expr.ts';
import type { Query } from './query.ts';

const QUERIES: ReadonlySet<string> = new Set(['select', 'table', 'with', 'values', 'set-op', 'sort', 'limit']);
/** Whether a type is made by a query. */
export const isQuery = (type: TypeRef | Query): type is Query => QUERIES.has(type.kind);
