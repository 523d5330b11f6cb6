import type { Query, WithClause } from '../query/query.ts';

/** A query of a statement that has a WITH clause in front. */
export const within = (clause: WithClause | undefined, input: Query): Query =>
  clause === undefined ? input : { kind: 'with', ...clause, input };
