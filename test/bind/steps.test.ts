import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { INT32 } from '../../src/types/data-type.ts';
import { bound, planOf } from '../support/bind.ts';

const table = (name: string): Query => ({ kind: 'table', path: [name] });
const name = (...path: string[]): Expr => ({ kind: 'name', path });
const int = (value: number): Expr => ({ kind: 'literal', value: { type: INT32, value } });
const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args });
const namesOf = async (query: Query) => (await bound(query)).output.map(c => c.name);

describe('steps of a DataFrame', () => {
  test('extend adds or replaces in place; its items do not see each other', async () => {
    const query: Query = {
      kind: 'extend',
      input: table('t'),
      columns: [
        { name: 'a', expr: call('+', name('a'), int(1)) },
        { name: 'c', expr: name('a') },
      ],
    };
    expect(await planOf(query)).toMatchInlineSnapshot(`
      "
      project a#3 := a#0 + 1, b, s, c := a#0
        scan t [a#0, b, s]
      "
    `);
  });

  test('drop and rename', async () => {
    expect(await namesOf({ kind: 'drop', input: table('t'), columns: ['B'] })).toEqual(['a', 's']);
    expect(
      await namesOf({
        kind: 'rename',
        input: table('t'),
        columns: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
      }),
    ).toEqual(['b', 'a', 's']);
    await expect(bound({ kind: 'drop', input: table('t'), columns: ['zz'] })).rejects.toThrow('"zz" not found');
    await expect(bound({ kind: 'rename', input: table('t'), columns: [{ from: 'a', to: 's' }] })).rejects.toThrow(
      'two columns "s"',
    );
  });

  test('aggregate: keys, aggregates, and expressions over both', async () => {
    const query: Query = {
      kind: 'aggregate',
      input: table('t'),
      keys: [{ name: 'k', expr: call('%', name('a'), int(2)) }],
      aggregates: [
        { name: 'n', expr: call('count') },
        { name: 'avg2', expr: call('*', call('sum', name('b')), int(2)) },
      ],
    };
    expect(await planOf(query)).toMatchInlineSnapshot(`
      "
      project k, n := count_star(), avg2 := sum * 2
        aggregate by k := a % 2: count_star() := count(*), sum := sum(b)
          scan t [a, b, s]
      "
    `);
    const bad: Query = { kind: 'aggregate', input: table('t'), keys: [], aggregates: [{ name: 'x', expr: name('a') }] };
    await expect(bound(bad)).rejects.toThrow('must appear in the GROUP BY');
  });

  test('a join by names: shared keys once, clashes get the suffix', async () => {
    const join = (on: Extract<Query, { kind: 'join' }>['on'], type: 'inner' | 'full' | 'semi' = 'inner'): Query => ({
      kind: 'join',
      left: table('t'),
      right: table('u'),
      type,
      on,
      suffix: '_right',
    });
    expect(await namesOf(join({ kind: 'using', columns: ['a'] }))).toEqual(['a', 'b', 's', 'x', 'y']);
    expect(await namesOf(join({ kind: 'pairs', pairs: [['b', 'x']] }))).toEqual(['a', 'b', 's', 'a_right', 'x', 'y']);
    expect(await namesOf(join({ kind: 'pairs', pairs: [['b', 'x']] }, 'semi'))).toEqual(['a', 'b', 's']);
    expect(await planOf(join({ kind: 'pairs', pairs: [['a', 'a']], nullsEqual: true }, 'full'))).toMatchInlineSnapshot(`
      "
      project a#6, b, s, x, y
        project a#0, b, s, a#3, x, y, a#6 := coalesce(a#0, a#3)
          full join on a#0 is not distinct from a#3
            scan t [a#0, b, s]
            scan u [a#3, x, y]
      "
    `);
    const predicate = call('<', name('l', 'a'), name('r', 'a'));
    expect(await planOf(join({ kind: 'predicate', left: 'l', right: 'r', predicate }))).toContain(
      'inner join on a#0 < a#3',
    );
  });

  test('sort, limit, distinct, filter', async () => {
    const sorted: Query = {
      kind: 'sort',
      input: table('t'),
      keys: [{ expr: call('negate', name('a')), direction: 'desc' }],
    };
    const first: Query = { kind: 'distinct', input: sorted, on: [name('s')] };
    expect(await planOf({ kind: 'limit', input: first, count: int(3), offset: int(1) })).toMatchInlineSnapshot(`
      "
      limit 3 offset 1
        distinct on s by -a desc
          sort -a desc
            scan t [a, b, s]
      "
    `);
    expect(
      await planOf({
        kind: 'distinct',
        input: { kind: 'filter', input: table('t'), predicate: call('is null', name('a')) },
      }),
    ).toMatchInlineSnapshot(`
      "
      aggregate by a, b, s
        filter a is null
          scan t [a, b, s]
      "
    `);
  });
});
