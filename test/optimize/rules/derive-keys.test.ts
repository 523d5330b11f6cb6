import { expect, test } from 'vitest';
import { builtinFunctions } from '../../../src/functions/registry.ts';
import { deriveKeys } from '../../../src/optimize/rules/derive-keys.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { explainPlan } from '../../../src/plan/explain.ts';
import { bound } from '../../support/bind.ts';

/** A query's plan after the rule. */
const after = async (sql: string): Promise<string> => {
  const steps = [{ name: 'test', rules: [deriveKeys] }];
  return explainPlan(runSteps(await bound(sql), { steps, functions: builtinFunctions, strict: true }).plan);
};

test('keys that others determine are computed for each group', async () => {
  expect(
    await after('SELECT a, a - 1 AS x, a + b AS y, b, count(*) AS c FROM t GROUP BY a, a - 1, a + b, b'),
  ).toMatchInlineSnapshot(`
    "project a, x := key#4, y := key#5, b, c := count_star()
      project a, key#4 := a - 1, key#5 := a + b, b, count_star()
        aggregate by a, b: count_star() := count(*)
          scan t [a, b, s]"
  `);
});

test('also by a text, and without aggregates', async () => {
  expect(await after('SELECT s, upper(s) AS u FROM t GROUP BY s, upper(s)')).toMatchInlineSnapshot(`
    "project s, u := key
      project s, key := upper(s)
        aggregate by s
          scan t [a, b, s]"
  `);
});

test.each([
  ['no key is a column', 'SELECT count(*) FROM t GROUP BY a + 1, a + 2'],
  ['a column is no key', 'SELECT count(*) FROM t GROUP BY a, a + b'],
  ['zeros have signs', 'SELECT count(*) FROM n GROUP BY v, 1 / v'],
  ['a value is another each time', 'SELECT count(*) FROM t GROUP BY a, a + random()'],
  ['there are grouping sets', 'SELECT count(*) FROM t GROUP BY ROLLUP (a, a + 1)'],
  ['a constant needs no column', 'SELECT count(*) FROM t GROUP BY a, 1 + 1'],
])('not where %s', async (_, sql) => {
  const plan = explainPlan((await bound(sql)).plan);
  expect(await after(sql)).toBe(plan);
});
