import { describe, expect, test } from 'vitest';
import { errorOf } from '../support/bind.ts';

/** Erroneous queries by what is wrong with them; what they answer is in errors.golden.txt. */
const ERRORS: Readonly<Record<string, readonly string[]>> = {
  names: [
    'select z from t',
    'select aa from t',
    'select l_shipdat from lineitem',
    'select t.zz from t',
    'select q.a from t',
    'select a from t, u',
    'select t.a from t join u on a = x',
    'select * from lineitm',
    'select t.a from t, t',
    'select x.a from t x join u x on true',
    'select nofunction(a) from t',
    'select lenght(s) from t',
    'select point.z from p',
    'select a.b from t',
    "select * from 'data/nothing.xyz'",
    'select * from rang(3)',
    'select cast(a as moood) from t',
    'select $min from t',
  ],
  aggregates: [
    'select a from t where sum(b) > 1',
    'select sum(sum(a)) from t',
    'select a, b from t group by a',
    'select a, b + 1 from t group by a',
    'select a from t having b > 1',
    'select max(a) filter (where max(a) > 1) from t',
    'select a from t group by 3',
    'select sum(a) as total from t group by total',
    'select a from t join u on sum(t.a) = u.x',
    'select grouping(b) from t group by a',
    'select sum(s) from t',
    'select count(a, b) from t',
    'select (select sum(t.a) from u where x = sum(t.b)) from t where a > (select sum(t.a))',
    'select upper(distinct s) from t',
    'select *, count(*) from t group by a',
    'select a, (select max(x) from u where u.a = t.b) from t group by a',
  ],
  types: [
    'select a + s from t',
    'select a from t, d where day = price',
    'select a from t, d where a = day',
    'select substring(a, day) from t, d',
    'select case when a > 1 then 1 else day end from t, d',
    'select a from t where day',
    'select a in (1, day) from t, d',
    'select coalesce(a, day) from t, d',
    'select a from t union select day from d',
    'select (a, b) = (1, 2, 3) from t',
    'select s.x from t',
  ],
  clauses: [
    'select 1 union select 1, 2',
    'select a, b from t union by name select a, a from u',
    'select a from t order by 2',
    'select distinct a from t order by b',
    'select * exclude (zz) from t',
    'select * replace (1 as zz) from t',
    'select * rename (zz as y) from t',
    "select columns('zz') from t",
    "select columns('(') from t",
    'select *',
    'select x.* from t',
    'select * from t join u using (b)',
    'select * from t natural join d',
    'select a from t limit -1',
    "select a from t limit 'x'",
    'select a from t limit a',
    'select * from (select a, b from t) v(p, q, r)',

    'with c as (select 1), c as (select 2) select * from c',
    'select * from (values (1), (day)) v, d',
    'select * from t right join lateral (select t.a) l on true',
    'select * from range(a)',
    'select * from range()',
  ],
  subqueries: [
    'select (select a, b from t)',
    'select a in (select a, x from u) from t',
    'select (a, b) in (select a from u) from t',
    'select a from t where exists (select zz from u)',
    'select (select x from u where u.a = tt.a) from t',
    'select a, (select x from u where u.a = t.a limit 2) from t',
    'select a from t where b in (select x from u where u.a = t.a limit 5)',
    'select a from t where exists (select 1 from (select x from u where u.a = t.a limit 5) q where x > 3)',
  ],
  unnest: [
    'select a from t where unnest([a]) = 1',
    'select sum(unnest([a])) from t',
    'select unnest(unnest([[1]]))',
    'select unnest(a) from t',
    'select unnest({x: 1}) + 1',
    'select unnest([1], [2])',
    'select unnest([1], deep := true)',
    'select unnest([[1]], max_depth := 0)',
    'select * from unnest([1], recursive := true)',
    'select * from t, unnest(b)',
    'select * from t right join unnest([a]) on true',
    'select unnest([a]) as u from t group by a having u > 1',
    'from t |> unnest b',
    'from t |> unnest zz',
  ],
  'not yet': [
    'select sum(a) over () from t',
    'select a from t qualify row_number() over () = 1',
    'with recursive c as (select 1 as n union all select n + 1 from c) select * from c',
    'select * from t asof join u on t.a >= u.a',
    'select * from t positional join u',
    'pivot t on a using sum(b)',
    'unpivot t on a, b into name n value v',
    'select list_transform([1], x -> x + 1)',
    'select a from t limit 10%',
    'select s collate klingon from t',
  ],
};

describe('errors say what was found, where, and what to do', () => {
  test('golden texts', async () => {
    const texts: string[] = [];
    for (const [title, queries] of Object.entries(ERRORS)) {
      texts.push(`# ${title}`);
      for (const query of queries) texts.push(await errorOf(query));
    }
    await expect(`${texts.join('\n\n')}\n`).toMatchFileSnapshot('errors.golden.txt');
  });

  test('all but few show the place', async () => {
    const without: string[] = [];
    for (const query of Object.values(ERRORS).flat()) if (!(await errorOf(query)).includes('^')) without.push(query);
    expect(without).toEqual([]);
  });
});
