import { describe, expect, test } from 'vitest';
import { checkPlan } from '../../src/plan/check.ts';
import type { ColumnId } from '../../src/plan/expr.ts';
import type { LogicalPlan } from '../../src/plan/logical-plan.ts';
import { mapInputs } from '../../src/plan/rewrite.ts';
import { INT64, UTF8 } from '../../src/types/data-type.ts';
import { bound } from '../support/bind.ts';

/** Damages the first node of a kind. */
function damaged<K extends LogicalPlan['kind']>(
  plan: LogicalPlan,
  kind: K,
  damage: (node: Extract<LogicalPlan, { kind: K }>) => LogicalPlan,
): LogicalPlan {
  if (plan.kind === kind) return damage(plan as Extract<LogicalPlan, { kind: K }>);
  return mapInputs(plan, input => damaged(input, kind, damage));
}

const query = async (sql: string) => (await bound(sql)).plan;

describe('checkPlan', () => {
  test('finds reads of columns that are not there', async () => {
    const plan = await query('select a + 1 as b from t where b > 2');
    const broken = damaged(plan, 'scan', scan => ({ ...scan, columns: scan.columns.slice(1) }));
    expect(() => checkPlan(broken)).toThrow('project reads column #0, which its inputs do not hand up');
  });

  test('finds types that disagree', async () => {
    const plan = await query('select a + 1 as n from t');
    const columns = damaged(plan, 'scan', s => ({
      ...s,
      columns: s.columns.map(c => ({ ...c, column: { ...c.column, type: UTF8 } })),
    }));
    expect(() => checkPlan(columns)).toThrow('reads a#0 as INTEGER; it is VARCHAR');
    const result = damaged(plan, 'project', p => ({
      ...p,
      columns: p.columns.map(c => ({ ...c, column: { ...c.column, type: INT64 } })),
    }));
    expect(() => checkPlan(result)).toThrow('column n#3 is BIGINT, its value INTEGER');
  });

  test('finds ids that two nodes make', async () => {
    const plan = await query('select 1 as x from t, u');
    const broken = damaged(plan, 'join', j => ({ ...j, right: j.left }));
    expect(() => checkPlan(broken)).toThrow('scan makes a#0, which scan made already');
    const union = damaged(await query('select a from t union all select a from u'), 'set-op', s => ({
      ...s,
      right: s.left,
    }));
    expect(() => checkPlan(union)).toThrow('which scan made already');
  });

  test('finds broken set operations, shared subplans and mark joins', async () => {
    const union = await query('select a from t union select x from u');
    expect(() => checkPlan(damaged(union, 'set-op', s => ({ ...s, columns: [] })))).toThrow('the output 0');
    const shared = await query('with c as (select a from t) select * from c, c d');
    expect(() => checkPlan(damaged(shared, 'shared', s => s.input))).toThrow('not defined above it');
    expect(() => checkPlan(damaged(shared, 'shared-ref', r => ({ ...r, source: [99 as ColumnId] })))).toThrow(
      'does not hand up',
    );
    const mark = await query('select a in (select a from u) as m from t');
    expect(() => checkPlan(damaged(mark, 'join', ({ mark: _, ...j }) => j))).toThrow();
  });
});
