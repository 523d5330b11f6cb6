import { describe, expect, it } from 'vitest';
import { col, count, or } from '../../../frontends/dataframe/index.ts';
import { frameOver } from './frame-over.ts';

const t = frameOver<{ a: 'int32'; b: 'int32'; s: 'string' }>('t');
const u = frameOver<{ k: 'int32' }>('u');

describe('a condition that is no part of the result', () => {
  it('is refused in every verb', () => {
    const and = 'was built but is not part of the result';
    expect(() => t.filter(r => r.a.gt(1) && r.b.gt(2))).toThrow(
      "filter: the condition 'a' > … was built but is not part of the result\nhint: did you write && or ! instead of .and() or .not()? They do not work on column expressions",
    );
    expect(() => t.withColumns(r => ({ x: r.s.like('a%') && r.b.gt(2) }))).toThrow(`'s' like … ${and}`);
    expect(() => t.select(r => ({ x: r.a.isNull() && r.b.gt(2) }))).toThrow(`is null 'a' ${and}`);
    expect(() => t.join(u, (l, r) => l.a.eq(r.k) && l.b.lt(r.k))).toThrow(`inner join: the condition 'a' = … ${and}`);
    expect(() => t.sort(r => r.a.in([1]) && r.b)).toThrow(`sort: the condition 'a' in … ${and}`);
    expect(() => t.agg(r => ({ n: r.a.gt(1) && count() }))).toThrow(`agg: the condition 'a' > … ${and}`);
  });

  it('is found inside nested callbacks', () => {
    expect(() => t.filter(r => r.a.in(u.filter(s => s.k.gt(1) && s.k.lt(9)).column('k')))).toThrow("'k' > …");
  });
});

describe('what is no mistake', () => {
  it('passes', () => {
    t.filter(r => r.a.gt(1).and(r.b.gt(2)));
    t.filter(r => or(r.a.gt(1), r.b.gt(2)).not());
    t.filter(r =>
      r.a.in(
        u
          .filter(
            s => s.k.gt(1),
            s => s.k.lt(9),
          )
          .column('k'),
      ),
    );
    t.withColumns(r => ({ x: r.a.gt(1).ifElse(1, 0).sum().over(r.b), y: r.b.sum().filterWhere(r.a.gt(1)).over() }));
  });

  it('is not remembered from a callback that failed, or from outside', () => {
    const outside = col('a').gt(1);
    expect(() =>
      t.filter(r => {
        r.a.gt(1);
        throw new Error('mine');
      }),
    ).toThrow('mine');
    t.filter(r => r.b.gt(2).and(outside));
  });
});
