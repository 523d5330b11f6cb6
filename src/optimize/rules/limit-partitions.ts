import { conjunctsOf } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { PlanOf } from '../../plan/logical-plan.ts';
import type { PlanRule } from '../rule.ts';

/** Above this many rows, looking for the first ones costs as much as sorting all. */
const MAX_ROWS = 128;
/** Functions that only see rows before theirs, and their peers. */
const RANKS = ['row_number', 'rank', 'dense_rank'];

/**
 * A window that is asked for the first rows of its partitions only need not sort the others.
 *
 *     filter rn <= 3                                            filter rn <= 3
 *       window partition by k order by x: rn := row_number()  ⇒   window … limit 3: rn := row_number()
 */
export const limitPartitions: PlanRule<'filter'> = {
  name: 'limit-partitions',
  on: 'filter',
  apply: (filter, { effects }) => {
    const { input, predicate } = filter;
    if (input.kind !== 'window' || input.limit !== undefined || input.orderBy.length === 0) return undefined;
    const keys = [...input.partitionBy, ...input.orderBy.map(k => k.expr)];
    // They are computed twice, and must come out the same.
    if (keys.some(e => effects.isVolatile(e)) || !input.functions.every(isRank)) return undefined;
    const counting = new Set(input.functions.filter(f => f.call.fn !== 'dense_rank').map(f => f.column.id));
    const limits = conjunctsOf(predicate).map(c => limitIn(c, counting));
    const limit = Math.min(...limits.filter(l => l !== undefined));
    return limit > MAX_ROWS ? undefined : { ...filter, input: { ...input, limit } };
  },
};

const isRank = ({ call }: PlanOf<'window'>['functions'][number]): boolean =>
  RANKS.includes(call.fn) && call.orderBy === undefined;

/** The greatest rank that fulfils a condition; undefined when it doesn't limit any, or no rank does. */
function limitIn(condition: BoundExpr, ranks: ReadonlySet<ColumnId>): number | undefined {
  if (condition.kind !== 'call' || condition.args.length !== 2) return undefined;
  const [left, right] = condition.args as readonly [BoundExpr, BoundExpr];
  const isTurned = left.kind === 'literal';
  const [rank, bound] = isTurned ? [right, left] : [left, right];
  if (rank.kind !== 'column' || !ranks.has(rank.id) || bound.kind !== 'literal') return undefined;
  const { type, value } = bound.value;
  if (type.kind !== 'int' || value === null) return undefined;
  const limit = greatest(condition.fn, isTurned, Number(value));
  return limit !== undefined && limit >= 1 ? limit : undefined;
}

/** The greatest whole number that compares so with a bound. */
function greatest(operator: string, isTurned: boolean, bound: number): number | undefined {
  switch (operator) {
    case '=':
      return bound;
    case isTurned ? '>=' : '<=':
      return bound;
    case isTurned ? '>' : '<':
      return bound - 1;
    default:
      return undefined;
  }
}
