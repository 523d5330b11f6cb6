import { isMatching, P } from 'ts-pattern';
import { idsOf, outputOf } from '../../plan/columns.ts';
import { conjunctsOf, filtered } from '../../plan/conjuncts.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import { columnRef, nullOf } from '../../plan/literals.ts';
import { renewIds } from '../../plan/renew-ids.ts';
import { substitute } from '../../plan/rewrite.ts';
import { rejectedColumns } from '../null-rejection.ts';
import type { PlanRule } from '../rule.ts';

/** `column is null` */
const isNullTest = isMatching({ kind: 'call', fn: 'is null', args: [{ kind: 'column', id: P.number }] });

/**
 * Rows of an outer join that are kept only where nothing matched are those of an anti join.
 *
 *     filter [b.k is null]                project [a.*, NULL as k, …]
 *       join left [a.k = b.k] a b    ⇒      join anti [a.k = b.k] a b
 *
 * The column must not be NULL in a match: the condition rejects that, or the right side has no NULL there.
 */
export const leftToAnti: PlanRule<'filter'> = {
  name: 'left-to-anti',
  on: 'filter',
  apply({ input, predicate }, { effects, newColumnId }) {
    if (input.kind !== 'join' || input.type !== 'left') return undefined;
    const right = outputOf(input.right);
    const inMatch = input.condition === undefined ? new Set() : rejectedColumns(input.condition, effects);
    const present = new Set(right.flatMap(c => (!c.nullable || inMatch.has(c.id) ? [c.id] : [])));
    const isMiss = (e: BoundExpr): boolean => isNullTest(e) && present.has(e.args[0].id as ColumnId);
    const conjuncts = conjunctsOf(predicate);
    if (!conjuncts.some(isMiss)) return undefined;
    const missing = idsOf(input.right);
    const columns = outputOf(input).map(column => ({
      column,
      expr: missing.has(column.id) ? nullOf(column.type) : columnRef(column),
    }));
    // The projection makes the right side's columns now: below they need other ids.
    const renewed = renewIds(input.right, newColumnId);
    const renamed = new Map<ColumnId, BoundExpr>(
      right.map(c => [c.id, { kind: 'column', id: renewed.ids.get(c.id) ?? c.id, type: c.type }]),
    );
    const condition = input.condition && substitute(input.condition, renamed);
    return filtered(
      { kind: 'project', input: { ...input, type: 'anti', right: renewed.plan, condition }, columns },
      conjuncts.filter(c => !isMiss(c)),
    );
  },
};
