import { describe, expect, test } from 'vitest';
import { explainPlan } from '../../src/plan/explain.ts';
import { bound, planOf } from '../support/bind.ts';

describe('explainPlan', () => {
  test('names stand alone where they are unambiguous', async () => {
    expect(
      await planOf(
        "select s, count(*) as n from t join u on t.a = u.a where x > 1 and not (y like 'a%' or y is null) group by s order by n desc",
      ),
    ).toMatchInlineSnapshot(`
      "
      sort n desc
        project s, n := count_star()
          aggregate by s: count_star() := count(*)
            filter x > 1 and not (y like 'a%' or y is null)
              inner join on a#0 = a#3
                scan t [a#0, b, s]
                scan u [a#3, x, y]
      "
    `);
  });

  test('verbose shows ids and types', async () => {
    const { plan } = await bound('select k, v * 2 as w from n');
    expect(`\n${explainPlan(plan, { verbose: true })}\n`).toMatchInlineSnapshot(`
      "
      project k#0, w#2 := v#1 * 2 -> k#0 INTEGER not null, w#2 DOUBLE not null
        scan n [k#0, v#1] -> k#0 INTEGER not null, v#1 DOUBLE not null
      "
    `);
  });

  test('expressions', async () => {
    expect(
      await planOf(
        "select case when a > 1 then b else -a end as c, cast(a as varchar) as v, (a + b) * 2 as m, try_cast(s as int) as t, coalesce(a, b) as x, a in (1, 2) as i, not (a > 1) as n, s is null as z, date '2020-01-01' as d from t",
      ),
    ).toMatchInlineSnapshot(`
      "
      project c := case when a > 1 then b else -a end, v := cast(a as VARCHAR), m := (a + b) * 2, t := try_cast(s as INTEGER), x := coalesce(a, b), i := a in (1, 2), n := not (a > 1), z := s is null, d := date '2020-01-01'
        scan t [a, b, s]
      "
    `);
  });
});
