import { expect, test } from 'vitest';
import { builtinFunctions } from '../../../src/functions/registry.ts';
import { caseToFilter } from '../../../src/optimize/rules/case-to-filter.ts';
import { foldConstants } from '../../../src/optimize/rules/fold-constants.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { explainPlan } from '../../../src/plan/explain.ts';
import { bound } from '../../support/bind.ts';

/** A query's aggregates after the rule. */
const after = async (sql: string): Promise<string> => {
  const steps = [{ name: 'test', rules: [foldConstants, caseToFilter] }];
  const { plan } = runSteps(await bound(sql), { steps, functions: builtinFunctions, strict: true });
  return explainPlan(plan).split('\n')[1]!.trim();
};

test('case-to-filter: what is NULL but for some rows is not made', async () => {
  expect(
    await after(`
      SELECT b, sum(CASE WHEN a > 1 THEN a END) AS x, count(CASE WHEN a > 1 THEN 1 END) AS y,
        min(CASE WHEN a = 1 THEN a ELSE NULL END) FILTER (a > 0) AS z FROM t GROUP BY b`),
  ).toMatchInlineSnapshot(
    `"aggregate by b: sum := sum(a) filter (a > 1), count := count(1) filter (a > 1), min := min(a) filter (a > 0 and a = 1)"`,
  );
});

test.each([
  'sum(CASE WHEN a > 1 THEN a ELSE 0 END)',
  'sum(CASE WHEN a > 1 THEN a WHEN a < 0 THEN b END)',
  'first(CASE WHEN a > 1 THEN a END)',
  'list(CASE WHEN a > 1 THEN a END)',
])('case-to-filter: not %s', async aggregate => {
  expect(await after(`SELECT b, ${aggregate} AS x FROM t GROUP BY b`)).not.toContain('filter');
});
