import { outputOf } from '../../plan/columns.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Binder } from '../binder.ts';
import { conjunction } from '../exprs/bind-call.ts';
import { freshIds } from '../fresh-ids.ts';
import { Domain, sameDomain } from './domain.ts';
import { correlatedColumns, type DependentJoin, plainJoin } from './join-parts.ts';
import { pushDomain } from './push-domain.ts';

/**
 * The general case of a dependent join: the right side is computed once for all distinct values of the outer columns
 * that it reads, and joined to the left side on these.
 *
 *     shared l = left
 *       join  l  with  right, made to run over  distinct(l.k)   on l.k is not distinct from k
 */
export function joinOverDomain(b: Binder, join: DependentJoin): LogicalPlan {
  const columns = correlatedColumns(join.left, join.right);
  const definition = freshIds(b, join.left);
  const id = b.newShared();
  const leftColumns = outputOf(join.left);
  const left: LogicalPlan = {
    kind: 'shared-ref',
    id,
    columns: leftColumns,
    source: leftColumns.map(c => definition.ids.get(c.id)!),
  };
  const domain = new Domain(
    b,
    id,
    columns,
    columns.map(c => definition.ids.get(c.id)!),
  );
  const pushed = pushDomain(
    { b, domain, outer: new Set(columns.map(c => c.id)), shared: new Map(), span: join.span },
    join.right,
  );
  const same = sameDomain(b, new Map(columns.map(c => [c.id, c])), pushed.map);
  const condition = conjunction(b, join.condition === undefined ? same : [join.condition, ...same]);
  const joined = domain.define(plainJoin({ ...join, left, right: pushed.plan, condition }));
  return { kind: 'shared', id, definition: definition.plan, input: joined };
}
