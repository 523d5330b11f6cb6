import { collectColumns, outputOf } from '../../plan/columns.ts';
import { filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import { substitute } from '../../plan/rewrite.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { TRUE } from '../constant.ts';
import { conjunction } from '../exprs/bind-call.ts';
import { freshIds } from '../fresh-ids.ts';
import { regroupJoin } from '../select/bind-aggregate.ts';
import { freeColumns } from './correlation.ts';
import { Domain, type DomainMap, sameDomain } from './domain.ts';
import { applyJoins, type SubqueryJoin } from './subquery-join.ts';

/** Two sides, and a condition over pairs of their rows with the subqueries that it reads. */
export type PairJoin = {
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly predicate: BoundExpr;
  readonly joins: SubqueryJoin[];
};

/**
 * A full join whose condition needs subqueries over both sides: the pairs of distinct values that meet it are found
 * first, then each side is joined to them.
 *
 *     m = select l, r from distinct(left.l), distinct(right.r) where predicate
 *     left  left join m on m.l is not distinct from left.l  full join right on m.r is not distinct from right.r
 */
export function fullJoinOverDomains(b: Binder, { left, right, predicate, joins }: PairJoin): LogicalPlan {
  const read = new Set(collectColumns(predicate));
  for (const { plan, condition } of joins) {
    for (const id of freeColumns(plan)) read.add(id);
    if (condition !== undefined) collectColumns(condition, read);
  }
  const l = sharedSide(b, left, read);
  const r = sharedSide(b, right, read);
  const [lValues, rValues] = [l.domain.use(), r.domain.use()];
  const pairs: LogicalPlan = { kind: 'join', type: 'inner', left: lValues.plan, right: rValues.plan };
  const values = [...lValues.map, ...rValues.map];
  const here = new Map<ColumnId, BoundExpr>(values.map(([id, column]) => [id, b.ref(column)]));
  const moved = joins.splice(0).map(join => regroupJoin(join, e => substitute(e, here)));
  const matching = filtered(applyJoins(b, pairs, moved), [substitute(predicate, here)]);
  const isMatch = b.project('match', TRUE, BOOLEAN, true);
  const own = values.map(([, column]) => ({ column, expr: b.ref(column) }));
  const matches: LogicalPlan = { kind: 'project', input: matching, columns: [...own, isMatch] };
  b.makeNullable(outputOf(matches));
  const ofLeft: LogicalPlan = {
    kind: 'join',
    type: 'left',
    left: l.plan,
    right: matches,
    condition: conjunction(b, sameDomain(b, l.map, lValues.map))!,
  };
  const joined: LogicalPlan = {
    kind: 'join',
    type: 'full',
    left: ofLeft,
    right: r.plan,
    condition: conjunction(b, [b.ref(isMatch.column), ...sameDomain(b, r.map, rValues.map)])!,
  };
  return l.define(r.define(joined));
}

/** A side that is read twice: as it is, and as the distinct values of the columns that the condition reads. */
function sharedSide(b: Binder, side: LogicalPlan, read: ReadonlySet<ColumnId>) {
  const definition = freshIds(b, side);
  const id = b.newShared();
  const columns = outputOf(side);
  const source = (id: ColumnId) => definition.ids.get(id)!;
  const plan: LogicalPlan = { kind: 'shared-ref', id, columns, source: columns.map(c => source(c.id)) };
  const outer = columns.filter(c => read.has(c.id));
  const domain = new Domain(
    b,
    id,
    outer,
    outer.map(c => source(c.id)),
  );
  const map: DomainMap = new Map(outer.map(c => [c.id, c]));
  const define = (input: LogicalPlan): LogicalPlan => ({
    kind: 'shared',
    id,
    definition: definition.plan,
    input: domain.define(input),
  });
  return { plan, domain, map, define };
}
