import { expect, test } from 'vitest';
import { builtinFunctions } from '../../../src/functions/registry.ts';
import { distinctToGroups } from '../../../src/optimize/rules/distinct-to-groups.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { explainPlan } from '../../../src/plan/explain.ts';
import { bound } from '../../support/bind.ts';

/** A query's plan after the rule. */
const after = async (sql: string): Promise<string> => {
  const steps = [{ name: 'test', rules: [distinctToGroups] }];
  return explainPlan(runSteps(await bound(sql), { steps, functions: builtinFunctions, strict: true }).plan);
};

test('distinct values of all rows are found by grouping', async () => {
  expect(await after('SELECT count(DISTINCT a + 1) AS n, avg(DISTINCT a + 1) AS m FROM t')).toMatchInlineSnapshot(`
    "project n := count, m := avg
      aggregate count := count(value), avg := avg(value)
        aggregate by value := a + 1
          scan t [a, b, s]"
  `);
});

test.each([
  'SELECT b, count(DISTINCT a) FROM t GROUP BY b',
  'SELECT count(DISTINCT a), count(*) FROM t',
  'SELECT count(DISTINCT a), count(DISTINCT b) FROM t',
  'SELECT count(DISTINCT a) FILTER (b > 0) FROM t',
  'SELECT list(DISTINCT a) FROM t',
  'SELECT count(DISTINCT a) FROM t GROUP BY GROUPING SETS ((), (b))',
  'SELECT count(a) FROM t',
])('other aggregates stay: %s', async sql => {
  expect((await after(sql)).match(/aggregate/g)).toHaveLength(1);
});
