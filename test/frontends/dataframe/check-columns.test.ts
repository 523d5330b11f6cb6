import { describe, expect, it } from 'vitest';
import { count, type Dynamic, type Executor } from '../../../frontends/dataframe/index.ts';
import { knownColumns } from '../../../frontends/dataframe/known-columns.ts';
import type { Query } from '../../../src/query/query.ts';
import { frameOver } from './frame-over.ts';

const tables: Record<string, string[]> = { t: ['id', 'price', 'tags'], u: ['id', 'price', 'name'] };
const executor: Executor = {
  ...frameOver('t').executor,
  columnNames: query => (query.kind === 'table' ? tables[query.path[0]!] : undefined),
};
const t = frameOver<Dynamic>('t', executor);
const u = frameOver<Dynamic>('u', executor);
const files = frameOver<Dynamic>('unknown', executor);
const namesOf = (query: Query): unknown => knownColumns(query, executor);

describe('names that are known', () => {
  it('follow the verbs', () => {
    const wide = t.withColumns(r => ({ price: r.price.add(1), total: r.id.add(1) }));
    expect(namesOf(wide.query)).toEqual(['id', 'price', 'tags', 'total']);
    expect(namesOf(wide.drop('ID').rename({ price: 'cost' }).sort('total').limit(3).query)).toEqual([
      'cost',
      'tags',
      'total',
    ]);
    expect(namesOf(t.select('id', r => ({ x: r.price })).query)).toEqual(['id', 'x']);
    expect(namesOf(t.groupBy('id').agg(() => ({ n: count() })).query)).toEqual(['id', 'n']);
    expect(namesOf(t.join(u, 'id').query)).toEqual(['id', 'price', 'tags', 'price_right', 'name']);
    expect(namesOf(t.leftJoin(u, { id: 'id' }, { suffix: '_u' }).query)).toEqual([
      'id',
      'price',
      'tags',
      'price_u',
      'name',
    ]);
    expect(namesOf(t.antiJoin(u, 'id').query)).toEqual(['id', 'price', 'tags']);
    expect(namesOf(t.unpivot({ on: ['price'] }).query)).toEqual(['id', 'tags', 'name', 'value']);
    expect(namesOf(t.unionAll(t).explode('tags').query)).toEqual(['id', 'price', 'tags']);
    expect(namesOf(files.filter(r => r.x.gt(1)).query)).toBe(undefined);
    expect(namesOf(t.join(files, 'id').query)).toBe(undefined);
  });
});

describe('a column that is not there', () => {
  it.each<[string, () => unknown]>([
    ["there is no column 'prize'\nhint: did you mean 'price'?", () => t.filter(r => r.prize.gt(1))],
    ["there is no column 'xyz'\nhint: there are: id, price, tags", () => t.select('xyz')],
    ["'prize'", () => t.withColumns(r => ({ x: r.id.add(r.prize) }))],
    ["'prize'", () => t.drop('prize')],
    ["'prize'", () => t.rename({ prize: 'x' })],
    ["'prize'", () => t.sort('prize')],
    ["'prize'", () => t.groupBy('prize').count()],
    ["'prize'", () => t.agg(r => ({ x: r.prize.sum().over(r.id) }))],
    ["'prize'", () => t.agg(r => ({ x: r.id.sum().over(r.prize) }))],
    ["'prize'", () => t.distinct('prize')],
    ["'prize'", () => t.explode('prize')],
    ["'prize'", () => t.unpivot({ on: ['prize'] })],
    ["'prize'", () => t.pivot({ rows: ['id'], on: 'price', in: [1], values: r => r.prize.sum() })],
    ["'prize'", () => t.column('prize')],
    [
      "'price'",
      () =>
        t
          .groupBy('id')
          .count()
          .filter(r => r.$('price').gt(1)),
    ],
    ["there is no column 'tags' on the right side", () => t.join(u, 'tags')],
    ["there is no column 'name' on the left side", () => t.join(u, { name: 'name' })],
    ["there is no column 'tags' on the right side", () => t.join(u, (l, r) => l.tags.eq(r.tags))],
  ])('is refused at the verb: %s', (message, build) => {
    expect(build).toThrow(message);
  });

  it('is refused when values are asked for', async () => {
    await expect(t.values('prize')).rejects.toThrow("there is no column 'prize'");
  });

  it('is left to binding where names are not known, and within lambdas', () => {
    files.filter(r => r.whatever.gt(1)).sort('x');
    t.withColumns(r => ({ x: r.tags.map((x: { add: (n: number) => never }) => x.add(1)) }));
    t.filter(r => r.ID.gt(1).and(r.id.in(files.column('x'))));
  });
});
