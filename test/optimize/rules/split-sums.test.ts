import { expect, test } from 'vitest';
import { builtinFunctions } from '../../../src/functions/registry.ts';
import { splitSums } from '../../../src/optimize/rules/split-sums.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { explainPlan } from '../../../src/plan/explain.ts';
import { bound } from '../../support/bind.ts';

/** A query's plan after the rule. */
const after = async (sql: string): Promise<string> => {
  const steps = [{ name: 'test', rules: [splitSums] }];
  return explainPlan(runSteps(await bound(sql), { steps, functions: builtinFunctions, strict: true }).plan);
};

test('sums of a value plus constants become one sum and one count', async () => {
  expect(
    await after(
      'SELECT b, sum(a) AS s, sum(a + 1) AS t, sum(2 + a) AS u, sum(a - 3) AS v, min(a) AS m FROM t GROUP BY b',
    ),
  ).toMatchInlineSnapshot(`
    "project b, s#8 := sum#3, t := sum#4, u := sum#5, v := sum#6, m := min
      project b, min, sum#3 := sum#13, sum#4 := sum#13 + (cast(count as HUGEINT) * 1), sum#5 := sum#13 + (cast(count as HUGEINT) * 2), sum#6 := sum#13 - (cast(count as HUGEINT) * 3)
        aggregate by b: min := min(a), sum#13 := sum(a), count := count(a)
          scan t [a, b, s#2]"
  `);
});

test('each value and each condition on its own', async () => {
  expect(
    await after(`
      SELECT sum(a + 1) AS s, sum(a + 2) AS t, sum(a + 3) AS u, sum(b + 1) AS v,
        sum(a + 1) FILTER (b > 0) AS w, sum(a + 2) FILTER (b > 0) AS x, sum(a + 3) FILTER (b > 0) AS y FROM t`),
  ).toMatchInlineSnapshot(`
    "project s#10 := sum#3, t := sum#4, u := sum#5, v := sum#6, w := sum#7, x := sum#8, y := sum#9
      project sum#6, sum#3 := sum#17 + (cast(count#18 as HUGEINT) * 1), sum#4 := sum#17 + (cast(count#18 as HUGEINT) * 2), sum#5 := sum#17 + (cast(count#18 as HUGEINT) * 3), sum#7 := sum#19 + (cast(count#20 as HUGEINT) * 1), sum#8 := sum#19 + (cast(count#20 as HUGEINT) * 2), sum#9 := sum#19 + (cast(count#20 as HUGEINT) * 3)
        aggregate sum#6 := sum(b + 1), sum#17 := sum(a), count#18 := count(a), sum#19 := sum(a) filter (b > 0), count#20 := count(a) filter (b > 0)
          scan t [a, b, s#2]"
  `);
});

test.each([
  ['two sums gain nothing', 'SELECT sum(a), sum(a + 1) FROM t'],
  ['distinct values are not shifted ones', 'SELECT sum(DISTINCT a), sum(DISTINCT a + 1), sum(DISTINCT a + 2) FROM t'],
  ['floats would round otherwise', 'SELECT sum(v), sum(v + 1), sum(v + 2) FROM n'],
  [
    'sums of 128 bits overflow as written',
    'SELECT sum(h), sum(h + 1), sum(h + 2) FROM (SELECT a::HUGEINT AS h FROM t)',
  ],
  ['nothing is constant', 'SELECT sum(a), sum(a + b), sum(b - a) FROM t'],
  ['a constant less the value', 'SELECT sum(1 - a), sum(2 - a), sum(3 - a) FROM t'],
])('not where %s', async (_, sql) => {
  const plan = explainPlan((await bound(sql)).plan);
  expect(await after(sql)).toBe(plan);
});
