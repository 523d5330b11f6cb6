import { describe, expect, it } from 'vitest';
import { count, type DataFrame, desc, type List, type Struct } from '../../../frontends/dataframe/index.ts';
import type { Expr } from '../../../src/query/expr.ts';
import type { Query } from '../../../src/query/query.ts';
import { INT32 } from '../../../src/types/data-type.ts';
import { frameOver } from './frame-over.ts';

type T = { a: 'int32'; b: 'string' | null; d: 'date'; tags: List<'string'>; s: Struct<{ x: 'int32' }> };
type U = { a: 'int32'; c: 'float64'; b: 'string' };
const t = frameOver<T>('t');
const u = frameOver<U>('u');
const T: Query = { kind: 'table', path: ['t'] };
const U: Query = { kind: 'table', path: ['u'] };

const name = (...path: string[]): Expr => ({ kind: 'name', path });
const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args });
const int = (value: number): Expr => ({ kind: 'literal', value: { type: INT32, value } });

const queryOf = (frame: DataFrame<never>): Query => frame.query;

describe('filter', () => {
  it('joins several predicates by AND', () => {
    const frame = t.filter(
      r => r.a.gt(1),
      r => r.b.isNull(),
    );
    const predicate = call('and', call('>', name('a'), int(1)), call('is null', name('b')));
    expect(frame.query).toEqual({ kind: 'filter', input: T, predicate });
    expect(t.where(r => r.a.gt(1)).query).toEqual(t.filter(r => r.a.gt(1)).query);
  });

  it('is the frame itself without predicates', () => {
    expect(t.filter()).toBe(t);
  });

  it('has dropNulls for the common case', () => {
    expect(t.dropNulls('b').query).toEqual({ kind: 'filter', input: T, predicate: call('is not null', name('b')) });
    expect(() => t.dropNulls()).toThrow('dropNulls wants the names of columns');
  });
});

describe('columns', () => {
  it('selects names and new columns, which alone have an alias', () => {
    expect(t.select('b', r => ({ a: r.a, twice: r.a.mul(2), one: 1 })).query).toEqual({
      kind: 'select',
      from: T,
      items: [
        { expr: name('b') },
        { expr: name('a') },
        { expr: call('*', name('a'), int(2)), alias: 'twice' },
        { expr: int(1), alias: 'one' },
      ],
    });
  });

  it('adds, drops and renames', () => {
    expect(t.withColumns(r => ({ n: r.a.add(1) })).query).toEqual({
      kind: 'extend',
      input: T,
      columns: [{ name: 'n', expr: call('+', name('a'), int(1)) }],
    });
    expect(t.drop('a', 'b').query).toEqual({ kind: 'drop', input: T, columns: ['a', 'b'] });
    expect(t.rename({ a: 'x' }).query).toEqual({ kind: 'rename', input: T, columns: [{ from: 'a', to: 'x' }] });
  });

  it('may be called anything', () => {
    const odd = frameOver<{ filter: 'int32'; then: 'int32'; $: 'int32' }>('odd');
    expect(odd.select(r => ({ x: r.filter.add(r.then) })).query).toMatchObject({
      items: [{ expr: call('+', name('filter'), name('then')) }],
    });
    expect(odd.filter(r => r.$('$').gt(1)).query).toMatchObject({ predicate: call('>', name('$'), int(1)) });
  });

  it('refuses a callback that returns no object', () => {
    expect(() => t.withColumns(r => r.a.add(1) as never)).toThrow('the callback must return an object');
  });
});

describe('joins', () => {
  it('meet on shared names, pairs of names, or a condition', () => {
    const base = { kind: 'join', type: 'inner', left: T, right: U, suffix: '_right' };
    expect(t.join(u, 'a').query).toEqual({ ...base, on: { kind: 'using', columns: ['a'] } });
    expect(t.join(u, ['a', 'b']).query).toEqual({ ...base, on: { kind: 'using', columns: ['a', 'b'] } });
    expect(t.join(u, { a: 'c' }).query).toEqual({ ...base, on: { kind: 'pairs', pairs: [['a', 'c']] } });
    expect(t.join(u, (l, r) => l.a.lt(r.a)).query).toEqual({
      ...base,
      on: { kind: 'predicate', left: 'l', right: 'r', predicate: call('<', name('l', 'a'), name('r', 'a')) },
    });
  });

  it('have a type, a suffix, and nullsEqual', () => {
    expect(t.leftJoin(u, 'a', { suffix: '_u' }).query).toMatchObject({ type: 'left', suffix: '_u' });
    expect(t.rightJoin(u, 'a').query).toMatchObject({ type: 'right' });
    expect(t.fullJoin(u, 'a').query).toMatchObject({ type: 'full' });
    expect(t.semiJoin(u, 'a').query).toMatchObject({ type: 'semi' });
    expect(t.antiJoin(u, { a: 'a' }, { nullsEqual: true }).query).toMatchObject({
      type: 'anti',
      on: { kind: 'pairs', pairs: [['a', 'a']], nullsEqual: true },
    });
    expect(t.crossJoin(u).query).toEqual({ kind: 'join', type: 'cross', left: T, right: U, suffix: '_right' });
    expect(() => t.join(u, 'a', { nullsEqual: true })).toThrow('nullsEqual goes with pairs of names');
  });

  it('refuse to join on nothing', () => {
    expect(() => t.join(u, {})).toThrow('there is nothing to join on');
    expect(() => t.join(u, [])).toThrow('there is nothing to join on');
  });

  it('find the nearest row in time', () => {
    expect(t.asofJoin(u, { on: { a: 'c' }, by: 'b' }).query).toEqual({
      kind: 'drop',
      columns: ['b_right'],
      input: {
        kind: 'join',
        type: 'asof-left',
        left: T,
        right: U,
        suffix: '_right',
        on: {
          kind: 'predicate',
          left: 'l',
          right: 'r',
          predicate: call('and', call('=', name('l', 'b'), name('r', 'b')), call('>=', name('l', 'a'), name('r', 'c'))),
        },
      },
    });
    expect(t.asofJoin(u, { on: 'a', direction: 'forward' }).query).toMatchObject({
      on: { predicate: call('<=', name('l', 'a'), name('r', 'a')) },
    });
  });
});

describe('aggregation', () => {
  it('groups by names and new columns', () => {
    expect(t.groupBy('b', r => ({ y: r.d.year() })).agg(r => ({ n: count(), m: r.a.max() })).query).toEqual({
      kind: 'aggregate',
      input: T,
      keys: [
        { name: 'b', expr: name('b') },
        {
          name: 'y',
          expr: call('date_part', { kind: 'literal', value: { type: { kind: 'utf8' }, value: 'year' } }, name('d')),
        },
      ],
      aggregates: [
        { name: 'n', expr: call('count') },
        { name: 'm', expr: call('max', name('a')) },
      ],
    });
  });

  it('counts, over groups or the whole', () => {
    expect(t.groupBy('b').count().query).toMatchObject({ aggregates: [{ name: 'count', expr: call('count') }] });
    expect(t.groupBy('b').count('n').query).toMatchObject({ aggregates: [{ name: 'n' }] });
    expect(t.groupBy('b').keys().query).toMatchObject({ keys: [{ name: 'b' }], aggregates: [] });
    expect(t.agg(r => ({ s: r.a.sum() })).query).toMatchObject({ keys: [], aggregates: [{ name: 's' }] });
  });
});

describe('rows', () => {
  it('sort by names, directions, and expressions', () => {
    expect(
      t.sort(
        'a',
        desc('b', { nulls: 'first' }),
        r => r.d.month(),
        r => r.a.abs().desc(),
      ).query,
    ).toMatchObject({
      kind: 'sort',
      keys: [
        { expr: name('a') },
        { expr: name('b'), direction: 'desc', nulls: 'first' },
        { expr: { fn: 'date_part' } },
        { expr: call('abs', name('a')), direction: 'desc' },
      ],
    });
    expect(t.orderBy('a').query).toEqual(t.sort('a').query);
  });

  it('are limited, made distinct, sampled', () => {
    expect(t.limit(10).query).toEqual({ kind: 'limit', input: T, count: int(10) });
    expect(t.limit(10, 5).query).toEqual({ kind: 'limit', input: T, count: int(10), offset: int(5) });
    expect(t.head().query).toEqual(t.limit(5).query);
    expect(() => t.limit(-1)).toThrow('limit: -1 is not a number of rows');
    expect(t.distinct().query).toEqual({ kind: 'distinct', input: T });
    expect(t.distinct('a').query).toEqual({ kind: 'distinct', input: T, on: [name('a')] });
    expect(t.sample({ n: 3, seed: 7 }).query).toEqual({
      kind: 'sample',
      input: T,
      size: int(3),
      unit: 'rows',
      seed: 7,
    });
    expect(t.sample({ fraction: 0.07 }).query).toMatchObject({ size: int(7), unit: 'percent' });
    expect(() => t.sample({ fraction: 2 })).toThrow('the fraction 2 is not between 0 and 1');
  });

  it('come from two frames, by name', () => {
    const base = { kind: 'set-op', byName: true, left: T, right: T };
    expect(t.union(t).query).toEqual({ ...base, op: 'union', all: false });
    expect(t.unionAll(t).query).toEqual({ ...base, op: 'union', all: true });
    expect(t.intersect(t).query).toEqual({ ...base, op: 'intersect', all: false });
    expect(t.except(t).query).toEqual({ ...base, op: 'except', all: false });
  });
});

describe('reshaping', () => {
  it('pivots, unpivots, explodes, unnests', () => {
    const pivot = t.pivot({ rows: ['b'], on: 'a', in: [1, 2], values: r => r.a.sum() });
    expect(pivot.query).toEqual({
      kind: 'pivot',
      input: T,
      on: [
        {
          exprs: [name('a')],
          in: [
            { expr: int(1), alias: '1' },
            { expr: int(2), alias: '2' },
          ],
        },
      ],
      using: [{ expr: call('sum', name('a')) }],
      groupBy: [name('b')],
    });
    expect(t.unpivot({ on: ['a'], value: 'v' }).query).toEqual({
      kind: 'unpivot',
      input: T,
      on: [{ exprs: [name('a')] }],
      name: 'name',
      values: ['v'],
      includeNulls: true,
    });
    expect(t.explode('tags').query).toEqual({ kind: 'unnest', input: T, column: 'tags' });
    expect(t.unnest('s').query).toEqual({ kind: 'unnest', input: T, column: 's', prefix: '' });
  });

  it('describes', () => {
    expect(t.describe().query).toEqual({ kind: 'summarize', input: T });
  });
});

describe('frames inside frames', () => {
  it('are members and scalars', () => {
    const columnA: Query = { kind: 'select', from: U, items: [{ expr: name('a') }] };
    expect(t.filter(r => r.a.in(u.column('a'))).query).toMatchObject({
      predicate: { kind: 'in-query', input: name('a'), query: columnA, negated: false },
    });
    expect(t.filter(r => r.a.gt(u.scalar('a'))).query).toMatchObject({
      predicate: call('>', name('a'), { kind: 'scalar-query', query: columnA }),
    });
  });

  it('must be of the same database', () => {
    const stranger = frameOver<U>('u', { ...u.executor, id: 'other' });
    const message = 'the frames belong to different databases';
    expect(() => t.join(stranger, 'a')).toThrow(message);
    expect(() => t.unionAll(stranger as never)).toThrow(message);
    expect(() => t.filter(r => r.a.in(stranger.column('a')))).toThrow(message);
    expect(() => t.withColumns(() => ({ x: stranger.scalar('a') }))).toThrow(message);
    expect(() => t.join(u, (l, r) => l.a.eq(r.a).and(r.a.in(stranger.column('a'))))).toThrow(message);
  });
});

describe('pipe and as', () => {
  it('pass the frame through', () => {
    expect(t.pipe(queryOf as never)).toBe(t.query);
    expect(t.as<U>().query).toBe(t.query);
  });
});

it('builds JSON-safe queries', () => {
  const { query } = t.filter(r => r.a.between(0.5, 10n)).withColumns(r => ({ x: r.d.lt(new Date(0)) }));
  expect(JSON.parse(JSON.stringify(query))).toEqual(query);
});
