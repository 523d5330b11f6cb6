import { outputOf } from '../../plan/columns.ts';
import type { Column, LogicalPlan } from '../../plan/logical-plan.ts';
import type { Binder } from '../binder.ts';
import { freshIds } from '../fresh-ids.ts';

/** A plan that is computed once and read in several places. Its own columns' ids are free for one of them. */
export type SharedPlan = {
  /** The plan's rows under these columns, one for each of its own, in order; new ones when none are given. */
  readonly read: (columns?: readonly Column[]) => {
    readonly plan: LogicalPlan;
    readonly columns: readonly Column[];
  };
  /** Puts the definition above the plan that reads it. */
  readonly define: (input: LogicalPlan) => LogicalPlan;
};

/** Makes a plan readable in several places. */
export function sharedPlan(b: Binder, plan: LogicalPlan): SharedPlan {
  const definition = freshIds(b, plan);
  const id = b.newShared();
  const own = outputOf(plan);
  const source = own.map(c => definition.ids.get(c.id)!);
  return {
    read(columns = own.map(c => b.newColumn(c.name, c.type, b.isNullable(c.id)))) {
      return { plan: { kind: 'shared-ref', id, columns, source }, columns };
    },
    define: input => ({ kind: 'shared', id, definition: definition.plan, input }),
  };
}
