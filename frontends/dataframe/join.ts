import { RayexecError } from '../../src/common/errors.ts';
import type { JoinCondition, JoinQuery, Query } from '../../src/query/query.ts';
import { nodeOf } from './expr-node.ts';
import { withoutLostConditions } from './lost-condition.ts';
import { rowColumns } from './row-columns.ts';

/** The qualifiers of a condition's columns. */
export const LEFT = 'l';
export const RIGHT = 'r';

export const DEFAULT_SUFFIX = '_right';

type Options = { readonly suffix?: string; readonly nullsEqual?: boolean };

/** A join whose output is one flat list of columns. */
export function joinQuery(
  type: JoinQuery['type'],
  left: Query,
  right: Query,
  on: JoinCondition,
  { suffix = DEFAULT_SUFFIX }: Options = {},
): Query {
  return { kind: 'join', type, left, right, on, suffix };
}

/** Every row with every row. */
export function crossJoinQuery(left: Query, right: Query, { suffix = DEFAULT_SUFFIX }: Options = {}): Query {
  return { kind: 'join', type: 'cross', left, right, suffix };
}

/** What the rows meet on, of what the user wrote: `On`, but unchecked. `verb` stands in messages. */
export function joinCondition(verb: string, on: unknown, { nullsEqual = false }: Options = {}): JoinCondition {
  if (nullsEqual && (typeof on !== 'object' || Array.isArray(on))) {
    throw new RayexecError('invalid-argument', `${verb}: nullsEqual goes with pairs of names`, {
      hint: "write { a: 'b' }, or in a condition l.a.isNotDistinctFrom(r.b)",
    });
  }
  if (typeof on === 'function') {
    const predicate = withoutLostConditions(verb, () => on(rowColumns(LEFT), rowColumns(RIGHT)), nodeOf);
    return { kind: 'predicate', left: LEFT, right: RIGHT, predicate };
  }
  if (typeof on === 'string' || Array.isArray(on)) {
    const columns: string[] = [on].flat();
    if (columns.length > 0) return { kind: 'using', columns };
  } else if (typeof on === 'object' && on !== null) {
    const entries = Object.entries(on as Record<string, string>);
    if (entries.length > 0) return { kind: 'pairs', pairs: entries, ...(nullsEqual && { nullsEqual }) };
  }
  throw new RayexecError('invalid-argument', `${verb}: there is nothing to join on`, {
    hint: "name shared columns ('id'), pairs ({ left: 'right' }) or a condition ((l, r) => l.a.eq(r.b)); every row with every row is crossJoin",
  });
}
