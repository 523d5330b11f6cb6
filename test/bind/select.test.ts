import { describe, expect, test } from 'vitest';
import { typeName } from '../../src/types/type-name.ts';
import { bound, errorOf, planOf } from '../support/bind.ts';

/** Names and types of a query's columns: `a INTEGER, n BIGINT not null`. */
const outputOf = async (sql: string): Promise<string> =>
  (await bound(sql)).output.map(c => `${c.name} ${typeName(c.type)}${c.nullable ? '' : ' not null'}`).join(', ');

describe('select list', () => {
  test('stars', async () => {
    expect(await outputOf('select * from t')).toBe('a INTEGER, b INTEGER, s VARCHAR');
    expect(await outputOf('select u.*, t.a from t, u')).toBe('a INTEGER, x INTEGER, y VARCHAR, a INTEGER');
    expect(await outputOf('select * exclude (b) from t')).toBe('a INTEGER, s VARCHAR');
    expect(await outputOf("select * replace (s || '!' as s) from t")).toBe('a INTEGER, b INTEGER, s VARCHAR');
    expect(await outputOf('select * rename (a as k) from t')).toBe('k INTEGER, b INTEGER, s VARCHAR');
    expect(await outputOf("select columns('^[ab]$') + 1 from t")).toBe('a INTEGER, b INTEGER');
    expect(await outputOf('select max(columns(*)) from t')).toBe('a INTEGER, b INTEGER, s VARCHAR');
    expect(await outputOf('from t')).toBe('a INTEGER, b INTEGER, s VARCHAR');
  });

  test('names of unnamed columns are the text, as in DuckDB', async () => {
    expect(
      await outputOf('select a + 1, count(*), sum(b), -a, cast(a as varchar), point.x from t, p group by all'),
    ).toBe(
      '(a + 1) INTEGER, count_star() BIGINT not null, sum(b) HUGEINT, -a INTEGER, CAST(a AS VARCHAR) VARCHAR, x DOUBLE',
    );
  });

  test('an item sees the aliases before it; columns come first', async () => {
    expect(await planOf('select a + 1 as b, b + 1 as c, b as d, c * 2 as e from t')).toMatchInlineSnapshot(`
      "
      project b#3 := a + 1, c := b#1 + 1, d := b#1, e := (b#1 + 1) * 2
        scan t [a, b#1, s]
      "
    `);
    expect(await planOf('select a + 1 as q from t where q > 2')).toMatchInlineSnapshot(`
      "
      project q := a + 1
        filter (a + 1) > 2
          scan t [a, b, s]
      "
    `);
  });

  test('expressions without FROM', async () => {
    expect(await planOf("select 1 as one, 'x' as text")).toMatchInlineSnapshot(`
      "
      project one := 1, text := 'x'
        values one row without columns
      "
    `);
  });

  test('struct fields', async () => {
    expect(await planOf('select point.label, p.point.x from p where point.x > 1')).toMatchInlineSnapshot(`
      "
      project label := struct_extract(point, 'label'), x := struct_extract(point, 'x')
        filter struct_extract(point, 'x') > 1
          scan p [id, point]
      "
    `);
  });
});

describe('types', () => {
  test('constants take the type of their neighbours', async () => {
    expect(
      await planOf("select * from d where day >= '1998-09-02' and small > 5 and price < 24 and price > 0.5"),
    ).toMatchInlineSnapshot(`
      "
      project day, small, price
        filter day >= date '1998-09-02' and small > 5 and price < 24.00 and price > 0.50
          scan d [day, small, price]
      "
    `);
    expect(await outputOf('select small + 1 as n, price * 2 as p, price * 0.05 as q, small / 2 as h from d')).toBe(
      'n SMALLINT, p DECIMAL(18,2), q DECIMAL(18,4), h DOUBLE',
    );
  });

  test('IN with constants is a set; else a chain', async () => {
    expect(
      await planOf("select * from d where day in ('1998-01-01', '1998-01-02') and small not in (1, 2)"),
    ).toMatchInlineSnapshot(`
      "
      project day, small, price
        filter day in (date '1998-01-01', date '1998-01-02') and small not in (1, 2)
          scan d [day, small, price]
      "
    `);
    expect(await planOf('select * from t where a in (1, b, 3) and b in (7)')).toMatchInlineSnapshot(`
      "
      project a, b, s
        filter (a = 1 or a = b or a = 3) and b = 7
          scan t [a, b, s]
      "
    `);
  });

  test('CASE, COALESCE and NULLIF', async () => {
    expect(
      await outputOf(
        "select case when a > 1 then 1 else 2.5 end as c, coalesce(s, 'x') as d, nullif(a, 0) as e from t",
      ),
    ).toBe('c DECIMAL(11,1) not null, d VARCHAR not null, e INTEGER');
    expect(await outputOf('select case a when 1 then b end as c, typeof(a) as t, if(a > 1, b, 0) as i from t')).toBe(
      'c INTEGER, t VARCHAR not null, i INTEGER',
    );
  });

  test('integer division by the setting', async () => {
    expect(await planOf('select a / 2 as h from t', { settings: { integerDivision: true } }).catch(String)).toContain(
      '//',
    );
    expect(await planOf('select a / 2 as h from t')).not.toContain('//');
  });

  test('parameters', async () => {
    const parameters = {
      1: { type: { kind: 'utf8' }, value: '1998-09-02' },
      n: { type: { kind: 'int', bits: 32, signed: true }, value: 3 },
    } as const;
    expect(await planOf('select * from d where day < $1 limit $n', { parameters })).toMatchInlineSnapshot(`
      "
      limit 3
        project day, small, price
          filter day < date '1998-09-02'
            scan d [day, small, price]
      "
    `);
  });

  test('row values compare field by field', async () => {
    expect(await planOf('select * from t where (a, b) = (1, 2) or (a, b) < (b, a)')).toMatchInlineSnapshot(`
      "
      project a, b, s
        filter (a is not distinct from 1 and b is not distinct from 2) or coalesce(a < b, false) or (a is not null and b is null) or (a is not distinct from b and (coalesce(b < a, false) or (b is not null and a is null)))
          scan t [a, b, s]
      "
    `);
  });
});

describe('grouping', () => {
  test('expressions, ordinals, aliases and ALL mean the same', async () => {
    const plan = await planOf('select a % 2 as par, sum(b) as n from t group by a % 2');
    expect(plan).toMatchInlineSnapshot(`
      "
      project par := key, n := sum
        aggregate by key := a % 2: sum := sum(b)
          scan t [a, b, s]
      "
    `);
    expect(await planOf('select a % 2 as par, sum(b) as n from t group by 1')).toContain('sum(b)');
    expect(await planOf('select a % 2 as par, sum(b) as n from t group by par')).toContain('by par := a % 2');
    expect(await planOf('select a % 2 as par, sum(b) as n from t group by all')).toContain('by par := a % 2');
  });

  test('HAVING and ORDER BY share aggregates with the list', async () => {
    expect(
      await planOf(
        'select s, sum(a) as n from t group by s having n > 1 and count(*) > 1 order by sum(a) desc, max(b)',
      ),
    ).toMatchInlineSnapshot(`
      "
      project s, n
        sort n desc, max
          project s, n := sum, max
            filter sum > 1 and count_star() > 1
              aggregate by s: sum := sum(a), count_star() := count(*), max := max(b)
                scan t [a, b, s]
      "
    `);
  });

  test('grouping sets with grouping()', async () => {
    expect(
      await planOf('select a, b, grouping(a, b) as g, count(*) as n from t group by rollup (a, b)'),
    ).toMatchInlineSnapshot(`
      "
      project a#5, b#6, g := case when grouping_id in (0) then 0 when grouping_id in (1) then 1 when grouping_id in (3) then 3 else 0 end, n := count_star()
        aggregate by a#5 := a#0, b#6 := b#1: sets (a#5, b#6), (a#5), (): grouping id grouping_id: count_star() := count(*)
          scan t [a#0, b#1, s]
      "
    `);
    expect(await planOf('select a, b from t group by a, cube (b, s)')).toContain(
      'sets (a#3, b#4, s#5), (a#3, b#4), (a#3, s#5), (a#3)',
    );
    expect(await planOf('select a, b from t group by grouping sets ((a, b), a, ())')).toContain(
      'sets (a#3, b#4), (a#3), ()',
    );
  });

  test('FILTER, DISTINCT', async () => {
    expect(
      await planOf('select count(distinct a) filter (where b > 1) as n, max(distinct a) as m from t'),
    ).toMatchInlineSnapshot(`
      "
      project n := count, m := max
        aggregate count := count(distinct a) filter (b > 1), max := max(a)
          scan t [a, b, s]
      "
    `);
  });

  test('a group that has rows has a sum where nothing is NULL', async () => {
    expect(await outputOf('select l_returnflag, sum(l_tax) as s from lineitem group by 1')).toContain(
      's DECIMAL(38,2) not null',
    );
    expect(await outputOf('select sum(l_tax) as s from lineitem')).toBe('s DECIMAL(38,2)');
    expect(await outputOf('select count(*) as n from lineitem')).toBe('n BIGINT not null');
  });
});

describe('distinct, order, limit', () => {
  test('hidden sort columns are dropped again', async () => {
    expect(await planOf('select a from t order by b desc nulls first, a + b limit 2 offset 1')).toMatchInlineSnapshot(`
      "
      project a
        limit 2 offset 1
          sort b desc nulls first, key
            project a, b, key := a + b
              scan t [a, b, s]
      "
    `);
  });

  test('DISTINCT and DISTINCT ON', async () => {
    expect(await planOf('select distinct a, b from t order by b')).toMatchInlineSnapshot(`
      "
      sort b
        aggregate by a, b
          project a, b
            scan t [a, b, s]
      "
    `);
    expect(await planOf('select distinct on (a) a, b from t order by a, s desc')).toMatchInlineSnapshot(`
      "
      project a, b
        sort a, s desc
          distinct on a by a, s desc
            project a, b, s
              scan t [a, b, s]
      "
    `);
  });

  test('defaults of the settings', async () => {
    const sorted = (defaultNullOrder: 'nulls_first_on_asc_last_on_desc' | 'nulls_first') =>
      planOf('select a from t order by a, a + 1 desc', { settings: { defaultNullOrder } });
    expect(await sorted('nulls_first_on_asc_last_on_desc')).toContain('sort a nulls first, key desc');
    expect(await sorted('nulls_first')).toContain('sort a nulls first, key desc nulls first');
    expect(await planOf('select a from t order by a', { settings: { defaultOrder: 'desc' } })).toContain('sort a desc');
  });

  test('ORDER BY ALL, ordinals', async () => {
    expect(await planOf('select a, b from t order by all')).toContain('sort a, b');
    expect(await planOf('select a, b from t order by 2 desc')).toContain('sort b desc');
  });
});

describe('joins', () => {
  test('USING and NATURAL merge columns', async () => {
    expect(await outputOf('select * from t join u using (a)')).toBe(
      'a INTEGER, b INTEGER, s VARCHAR, x INTEGER, y VARCHAR',
    );
    expect(await planOf('select a, t.a as ta, u.a as ua from t full join u using (a)')).toMatchInlineSnapshot(`
      "
      project a#6, ta := a#0, ua := a#3
        project a#0, b, s, a#3, x, y, a#6 := coalesce(a#0, a#3)
          full join on a#0 = a#3
            scan t [a#0, b, s]
            scan u [a#3, x, y]
      "
    `);
    expect(await planOf('select a, x from t natural right join u')).toMatchInlineSnapshot(`
      "
      project a#3, x
        right join on a#0 = a#3
          scan t [a#0, b, s]
          scan u [a#3, x, y]
      "
    `);
  });

  test('outer joins make columns nullable', async () => {
    expect(await outputOf('select t.a, n.k from t left join n on t.a = n.k')).toBe('a INTEGER, k INTEGER');
    expect(await outputOf('select t.a, n.k from t right join n on t.a = n.k')).toBe('a INTEGER, k INTEGER not null');
    expect(await outputOf('select n.k from n semi join t on t.a = n.k')).toBe('k INTEGER not null');
  });

  test('a subquery in ON goes to its side', async () => {
    expect(
      await planOf('select t.a from t left join u on t.a = u.a and u.x in (select k from n)'),
    ).toMatchInlineSnapshot(`
      "
      project a#0
        left join on a#0 = a#3 and mark
          scan t [a#0, b, s]
          mark join mark on x = k
            scan u [a#3, x, y]
            project k
              scan n [k, v]
      "
    `);
  });

  test('a subquery over both sides of ON finds the matches of each kept row', async () => {
    expect(
      await planOf('select t.a from t left join u on exists (select 1 from n where k = t.a + u.a)'),
    ).toMatchInlineSnapshot(`
        "
        project a#0
          shared #1
            definition
              scan t [a#10, b#11, s#12]
            left join on a#0 is not distinct from a#15
              read shared #1 [a#0 := a#10, b#1 := b#11, s#2 := s#12]
              filter exists
                mark join exists on k is not distinct from (a#15 + a#3)
                  cross join
                    project a#15 := a#14
                      aggregate by a#14 := a#13
                        read shared #1 [a#13 := a#10]
                    scan u [a#3, x, y]
                  scan n [k, v]
        "
      `);
  });
});

describe('names', () => {
  test('columns of a subquery have distinct names', async () => {
    expect(await outputOf('select * from (select a, b as a from t)')).toBe('a INTEGER, a_1 INTEGER');
    expect(await outputOf('with c as (select 1 as a, 2 as a) select a, a_1 from c')).toBe(
      'a INTEGER not null, a_1 INTEGER not null',
    );
  });

  test('tables may share a name where no one asks which', async () => {
    expect(await outputOf('select count(*) as n from t, t')).toBe('n BIGINT not null');
    expect(await outputOf('select t.x, t.y from (select 1 as x) t, (select 2 as y) t')).toBe(
      'x INTEGER not null, y INTEGER not null',
    );
  });

  test('HAVING prefers aliases of aggregates to columns, but not to keys', async () => {
    expect(await planOf('select b, sum(a) as a from t group by b having a > 0')).toContain('filter sum > 0');
    expect(await planOf('select sum(b) as a from t group by a having a > 1')).toContain('filter a#0 > 1');
  });

  test('text beside a number is read as one', async () => {
    expect(await planOf('select * from t where s = a or s in (1, 2)')).toContain(
      'cast(s as INTEGER) = a or cast(s as INTEGER) in (1, 2)',
    );
  });
});

describe('set operations, WITH, VALUES', () => {
  test('types meet; BY NAME fills with NULL', async () => {
    expect(await planOf('select a, 1 as n from t union all select x, 2.5 from u')).toMatchInlineSnapshot(`
      "
      union all [a#8, n#9]
        project a#10 := a#0, n#11 := cast(n#3 as DECIMAL(11,1))
          project a#0, n#3 := 1
            scan t [a#0, b, s]
        project a#12 := x, n#13 := cast(2.5 as DECIMAL(11,1))
          project x, 2.5 := 2.5
            scan u [a#4, x, y]
      "
    `);
    expect(await planOf('select a, b from t union all by name select a, y from u')).toMatchInlineSnapshot(`
      "
      union all [a#6, b#7, y#8]
        project a#9 := a#0, b#10 := b#1, y#11 := NULL
          project a#0, b#1
            scan t [a#0, b#1, s]
        project a#12 := a#3, b#13 := NULL, y#14 := y#5
          project a#3, y#5
            scan u [a#3, x, y#5]
      "
    `);
  });

  test('an entry used once is put in its place, one used twice is shared', async () => {
    expect(await planOf('with c as (select a from t) select * from c')).toMatchInlineSnapshot(`
      "
      project a
        project a
          scan t [a, b, s]
      "
    `);
    expect(
      await planOf('with c(k) as (select a from t) select * from c, c as d where c.k = d.k'),
    ).toMatchInlineSnapshot(`
      "
      shared #1
        definition
          project a
            scan t [a, b, s]
        project k#3, k#4
          filter k#3 = k#4
            cross join
              read shared #1 [k#3 := a]
              read shared #1 [k#4 := a]
      "
    `);
    expect(await planOf('with c as materialized (select a from t) select * from c')).toContain('shared');
    expect(await planOf('with c as not materialized (select a from t) select * from c, c d')).not.toContain('shared');
  });

  test('an entry hides the table of its name, but not from itself', async () => {
    expect(await outputOf('with t as (select a as k from t) select * from t')).toBe('k INTEGER');
  });

  test('VALUES', async () => {
    expect(await planOf("values (1, 'a'), (2.5, null)")).toMatchInlineSnapshot(`
      "
      values [col0, col1] (1.0, 'a'), (2.5, NULL)
      "
    `);
    expect(await outputOf("select * from (values (1, 'a')) v(p, q)")).toBe('p INTEGER not null, q VARCHAR not null');
  });

  test('describe and show', async () => {
    expect(await planOf('describe select a, 1 as n from t')).toContain(
      "('a', 'INTEGER', 'YES', NULL, NULL, NULL), ('n', 'INTEGER', 'YES', NULL, NULL, NULL)",
    );
    expect(await planOf('show tables')).toContain("('customer'), ('d'), ('lineitem')");
    expect(await planOf('show threads')).toContain("values [threads] ('2')");
    expect(await errorOf('show thread')).toContain("did you mean 'threads'?");
  });
});
