/** Table functions that stand for a query by names; the session puts that in their place before anything is looked up. */
export const QUERY_CALLS: ReadonlySet<string> = new Set(['query', 'query_table', 'repeat']);
