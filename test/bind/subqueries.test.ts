import { describe, expect, test } from 'vitest';
import { planOf } from '../support/bind.ts';

describe('uncorrelated', () => {
  test('scalar: a cross join when there is always one row, else a single join', async () => {
    expect(await planOf('select a from t where b > (select max(x) from u)')).toMatchInlineSnapshot(`
      "
      project a#0
        filter b > max(x)
          cross join
            scan t [a#0, b, s]
            project max(x) := max
              aggregate max := max(x)
                scan u [a#3, x, y]
      "
    `);
    expect(await planOf('select a, (select x from u) as x from t')).toMatchInlineSnapshot(`
      "
      project a#0, x
        single join
          scan t [a#0, b, s]
          project x
            scan u [a#3, x, y]
      "
    `);
  });

  test('IN: semi join; NOT IN: mark join, and anti join where nothing is NULL', async () => {
    expect(await planOf('select * from t where a in (select a from u)')).toMatchInlineSnapshot(`
      "
      project a#0, b, s
        semi join on a#0 = a#3
          scan t [a#0, b, s]
          project a#3
            scan u [a#3, x, y]
      "
    `);
    expect(await planOf('select * from t where a not in (select a from u)')).toMatchInlineSnapshot(`
      "
      project a#0, b, s
        filter not mark
          mark join mark on a#0 = a#3
            scan t [a#0, b, s]
            project a#3
              scan u [a#3, x, y]
      "
    `);
    expect(await planOf('select k from n where k not in (select o_shippriority from orders)')).toContain('anti join');
  });

  test('elsewhere: marks', async () => {
    expect(
      await planOf('select a in (select a from u) as m from t where exists (select 1 from u) or b > 1'),
    ).toMatchInlineSnapshot(`
      "
      project m := mark
        mark join mark on a#0 = a#8
          filter exists or b > 1
            mark join exists
              scan t [a#0, b, s]
              limit 1
                project 1 := 1
                  scan u [a#3, x#4, y#5]
          project a#8
            scan u [a#8, x#9, y#10]
      "
    `);
    expect(await planOf('select * from t where a > all (select x from u)')).toMatchInlineSnapshot(`
      "
      project a#0, b, s
        filter not mark
          mark join mark on a#0 <= x
            scan t [a#0, b, s]
            project x
              scan u [a#3, x, y]
      "
    `);
  });
});

describe('correlated, simple', () => {
  test('EXISTS and IN become join conditions', async () => {
    expect(
      await planOf('select a from t where exists (select 1 from u where u.a = t.a and u.x > t.b)'),
    ).toMatchInlineSnapshot(`
      "
      project a#0
        semi join on a#3 = a#0 and x > b
          scan t [a#0, b, s]
          scan u [a#3, x, y]
      "
    `);
    expect(
      await planOf('select a from t where b in (select distinct x from u where u.a = t.a order by x)'),
    ).toMatchInlineSnapshot(`
      "
      project a#0
        semi join on b = x and a#3 = a#0
          scan t [a#0, b, s]
          aggregate by x, a#3
            project x, a#3
              scan u [a#3, x, y]
      "
    `);
  });

  test('a mark stays two-valued where the subquery filters', async () => {
    expect(await planOf('select b in (select x from u where u.a = t.a) as m from t')).toMatchInlineSnapshot(`
      "
      project m := mark
        mark join mark on b = x and a#3 is not distinct from a#0
          scan t [a#0, b, s]
          filter a#3 is not null
            project x, a#3
              scan u [a#3, x, y]
      "
    `);
  });

  test('an aggregate is grouped by what it is correlated with; a count of nothing is 0', async () => {
    expect(await planOf('select a, (select count(*) + 1 from u where u.a = t.a) as n from t')).toMatchInlineSnapshot(`
      "
      project a#0, n := (count_star() + 1)
        project a#0, b, s, a#3, count_star()#8, count_star()#6, (count_star() + 1) := count_star()#6 + 1
          project a#0, b, s, a#3, count_star()#8, count_star()#6 := coalesce(count_star()#8, 0)
            left join on a#3 = a#0
              scan t [a#0, b, s]
              aggregate by a#3: count_star()#8 := count(*)
                scan u [a#3, x, y]
      "
    `);
  });

  test('without FROM nothing is joined', async () => {
    expect(
      await planOf('select l.c, m.d from t, lateral (select a + 1 as c) l, (select l.c * 2 as d) m'),
    ).toMatchInlineSnapshot(`
      "
      project c, d
        project a, b, s, c, d := c * 2
          project a, b, s, c := a + 1
            scan t [a, b, s]
      "
    `);
  });

  test('an aggregate of outer columns belongs to the outer query', async () => {
    expect(await planOf('select (select max(t.a)) as m from t')).toMatchInlineSnapshot(`
      "
      project m := max(t.a)
        project max, max(t.a) := max
          aggregate max := max(a)
            scan t [a, b, s]
      "
    `);
  });

  test('above grouping, outer columns are the groups', async () => {
    expect(
      await planOf('select a, (select max(x) from u where u.a = t.a) as m from t group by a'),
    ).toMatchInlineSnapshot(`
      "
      project a#0, m := max(x)
        project a#0, a#3, max, max(x) := max
          left join on a#3 = a#0
            aggregate by a#0
              scan t [a#0, b, s]
            aggregate by a#3: max := max(x)
              scan u [a#3, x, y]
      "
    `);
  });
});

describe('correlated, general: over the domain of distinct outer values', () => {
  test('an inequality under an aggregate', async () => {
    expect(await planOf('select a, (select count(*) from u where u.x > t.b) as n from t')).toMatchInlineSnapshot(`
      "
      project a#0, n := count_star()#6
        shared #1
          definition
            scan t [a#7, b#8, s#9]
          shared #2
            definition
              aggregate by b#11 := b#10
                read shared #1 [b#10 := b#8]
            inner join on b#1 is not distinct from b#13
              read shared #1 [a#0 := a#7, b#1 := b#8, s#2 := s#9]
              project count_star()#6, b#13
                project count_star()#6 := coalesce(count_star()#14, 0), b#13
                  left join on b#13 is not distinct from b#12
                    read shared #2 [b#13 := b#11]
                    aggregate by b#12: count_star()#14 := count(*)
                      filter x > b#12
                        cross join
                          read shared #2 [b#12 := b#11]
                          scan u [a#3, x, y]
      "
    `);
  });

  test('two levels down', async () => {
    expect(
      await planOf(
        'select a from t where exists (select 1 from u where u.a = t.a and exists (select 1 from n where n.k = u.x and n.k > t.b))',
      ),
    ).toMatchInlineSnapshot(`
      "
      project a#0
        shared #1
          definition
            scan t [a#10, b#11, s#12]
          shared #2
            definition
              aggregate by a#15 := a#13, b#16 := b#14
                read shared #1 [a#13 := a#10, b#14 := b#11]
            semi join on a#0 is not distinct from a#17 and b#1 is not distinct from b#18
              read shared #1 [a#0 := a#10, b#1 := b#11, s#2 := s#12]
              semi join on k = x and a#17 is not distinct from a#19 and b#18 is not distinct from b#20
                filter a#3 = a#17
                  cross join
                    read shared #2 [a#17 := a#15, b#18 := b#16]
                    scan u [a#3, x, y]
                filter k > b#20
                  cross join
                    read shared #2 [a#19 := a#15, b#20 := b#16]
                    scan n [k, v]
      "
    `);
  });

  test('LIMIT 1 is the first row for each', async () => {
    expect(
      await planOf('select a, (select x from u where u.a = t.a order by x desc limit 1) as x from t'),
    ).toMatchInlineSnapshot(`
      "
      project a#0, x
        shared #1
          definition
            scan t [a#6, b#7, s#8]
          single join on a#0 is not distinct from a#11
            read shared #1 [a#0 := a#6, b#1 := b#7, s#2 := s#8]
            distinct on a#11 by x desc
              project x, a#11
                filter a#3 = a#11
                  cross join
                    project a#11 := a#10
                      aggregate by a#10 := a#9
                        read shared #1 [a#9 := a#6]
                    scan u [a#3, x, y]
      "
    `);
  });

  test('a shared entry inside', async () => {
    expect(
      await planOf('select (with c as (select x from u where u.x > t.b) select count(*) from c, c as d) as n from t'),
    ).toMatchInlineSnapshot(`
      "
      project n := count_star()#8
        shared #1
          definition
            scan t [a#9, b#10, s#11]
          shared #2
            definition
              aggregate by b#13 := b#12
                read shared #1 [b#12 := b#10]
            inner join on b#1 is not distinct from b#17
              read shared #1 [a#0 := a#9, b#1 := b#10, s#2 := s#11]
              shared #3
                definition
                  project x#4, b#14
                    filter x#4 > b#14
                      cross join
                        read shared #2 [b#14 := b#13]
                        scan u [a#3, x#4, y]
                project count_star()#8, b#17
                  project count_star()#8 := coalesce(count_star()#18, 0), b#17
                    left join on b#17 is not distinct from b#15
                      read shared #2 [b#17 := b#13]
                      aggregate by b#15: count_star()#18 := count(*)
                        inner join on b#15 is not distinct from b#16
                          read shared #3 [x#6 := x#4, b#15 := b#14]
                          read shared #3 [x#7 := x#4, b#16 := b#14]
      "
    `);
  });
});
