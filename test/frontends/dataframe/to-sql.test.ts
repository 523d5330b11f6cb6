import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Any,
  add,
  and,
  asc,
  coalesce,
  count,
  cumeDist,
  type DataFrame,
  denseRank,
  desc,
  div,
  fn,
  frameOf,
  lit,
  mul,
  not,
  ntile,
  or,
  percentRank,
  rank,
  rowNumber,
  sub,
  when,
} from '../../../frontends/dataframe/index.ts';
import { parseTemplate } from '../../../frontends/session/sql-template.ts';
import { parse, printQuery } from '../../../frontends/sql/index.ts';
import { arbitraryChoices, type Choices } from '../../property/choices.ts';
import { withoutSpans } from '../../support/without-spans.ts';
import { unusable } from './frame-over.ts';

/** The frame of a table, which knows no columns and runs nothing. */
const table = (...path: string[]): DataFrame<Any> => frameOf<Any>({ kind: 'table', path }, unusable);

const NAMES = ['a', 'b', 'Odd "name"', 'select', 'größe', '1st', "it's", 'value'];
const VALUES: readonly unknown[] = [
  ...[0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 53, 0.05, -0.5, 100.25, 1e21, 1.5e-7, 123456789.123, 7n, -7n, 2n ** 70n],
  ...['', 'x', "it's", 'a\nb', 'größe', true, false, null, new Date(0), new Date('2024-02-29T12:30:00.123Z')],
  new Uint8Array([0, 39, 92, 255]),
];
const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'];
const TYPES = [
  'int8',
  'int32',
  'int64',
  'int128',
  'uint16',
  'float32',
  'float64',
  'decimal',
  'decimal(12,4)',
  'string',
];
const MORE_TYPES = ['boolean', 'date', 'timestamp', 'timestamptz', 'time', 'interval', 'uuid', 'json', 'binary'];

/** Chains of all verbs over all expressions. Their types do not fit: nothing of it runs. */
class Chain {
  readonly #c: Choices;
  constructor(choices: Choices) {
    this.#c = choices;
  }

  frame(depth: number): DataFrame<Any> {
    let frame = table(...this.#c.pick([['t'], ['main', 't'], ['other']]));
    for (let i = this.#c.below(5); i > 0; i--) frame = this.#step(frame, depth);
    return frame;
  }

  #step(f: DataFrame<Any>, depth: number): DataFrame<Any> {
    const c = this.#c;
    const other = (): DataFrame<Any> => (depth > 0 ? this.frame(depth - 1) : table('u'));
    const pairs = (): Any => Object.fromEntries(c.some(NAMES.slice(0, 4)).map(n => [n, c.pick(NAMES)]));
    const on = (): Any =>
      c.pick([
        () => c.pick(NAMES),
        () => c.some(NAMES),
        pairs,
        () => (l: Any, r: Any) => this.#cond(l, 1).and(l.a.eq(r.b), this.#cond(r, 1)),
      ])();
    const suffix = (): Any => (c.once(2) ? {} : { suffix: c.pick(['_r', ' 2', "'"]) });
    const steps: (() => DataFrame<Any>)[] = [
      () => f.filter((t: Any) => this.#cond(t, 3)),
      () =>
        f.where(
          (t: Any) => this.#cond(t, 2),
          (t: Any) => this.#cond(t, 1),
        ),
      () => f.select(...c.some(NAMES), (t: Any) => ({ [c.pick(NAMES)]: this.#expr(t, 3), v: this.#window(t) })),
      () =>
        f.withColumns((t: Any) => ({
          x: this.#expr(t, 3),
          [c.pick(NAMES)]: this.#window(t),
          one: c.pick(VALUES) as Any,
        })),
      () => f.drop(...c.some(NAMES)),
      () => f.rename({ [c.pick(NAMES)]: c.pick(NAMES) }),
      () => f.dropNulls(...c.some(NAMES)),
      () =>
        f
          .groupBy(...c.some(NAMES), (t: Any) => ({ key: this.#expr(t, 2) }))
          .agg((t: Any) => ({ n: count(), s: this.#agg(t) })),
      () => f.groupBy(c.pick(NAMES)).count(c.pick(NAMES)),
      () => f.groupBy(c.pick(NAMES)).keys(),
      () => f.agg((t: Any) => ({ s: this.#agg(t), u: this.#agg(t) })),
      () =>
        f.sort(c.pick(NAMES), desc(c.pick(NAMES), { nulls: 'first' }), asc(c.pick(NAMES)), (t: Any) =>
          this.#expr(t, 2).desc({ nulls: 'last' }),
        ),
      () => f.orderBy((t: Any) => this.#expr(t, 1)),
      () => f.limit(c.below(100), c.below(3)),
      () => f.head(),
      () => f.distinct(),
      () => f.distinct(...c.some(NAMES)),
      () => f.sample(c.pick([{ n: 5 }, { n: 5, seed: 7 }, { fraction: 0.07 }, { fraction: 1, seed: 1 }])),
      () => f.union(other()),
      () => f.unionAll(other()),
      () => f.intersect(other()),
      () => f.except(other()),
      () => f.join(other(), on(), suffix()),
      () => f.join(other(), pairs(), { nullsEqual: true, ...suffix() }),
      () => f.leftJoin(other(), on(), suffix()),
      () => f.rightJoin(other(), on(), suffix()),
      () => f.fullJoin(other(), on(), suffix()),
      () => f.semiJoin(other(), on()),
      () => f.antiJoin(other(), on()),
      () => f.crossJoin(other(), suffix()),
      () =>
        f.asofJoin(other(), {
          on: c.pick([c.pick(NAMES), { a: 'b' }]) as Any,
          ...(c.once(2) ? {} : { by: c.pick([c.pick(NAMES), c.some(NAMES), { a: 'b' }]) as Any }),
          direction: c.pick(['backward', 'forward', 'nearest'] as const),
          ...(c.once(2) ? {} : { tolerance: c.pick([5, 0.5, { minutes: 5 }] as const) }),
          ...suffix(),
        }),
      () =>
        f.pivot({
          rows: c.some(NAMES),
          on: c.pick(NAMES),
          in: c.pick([
            ['x', "y'"],
            [1, 2.5],
          ]) as Any,
          values: (t: Any) => this.#agg(t),
        }),
      () => f.unpivot({ on: c.some(NAMES), name: c.pick(NAMES), value: c.pick(NAMES), includeNulls: c.once(2) }),
      () => f.explode(c.pick(NAMES)),
      () => f.unnest(c.pick(NAMES), c.once(2) ? {} : { prefix: "p'_" }),
      () => f.pipe((df: DataFrame<Any>) => df.limit(3)),
      () => f.describe(),
      () => f.as<Any>(),
      () => inTemplate(f, c.pick(VALUES.filter(v => v !== null))),
    ];
    return c.pick(steps)();
  }

  #value(): Any {
    return this.#c.pick(VALUES);
  }

  #cond(t: Any, depth: number): Any {
    const c = this.#c;
    const e = (): Any => this.#expr(t, depth - 1);
    const cond = (): Any => (depth > 0 ? this.#cond(t, depth - 1) : e().isNull());
    if (depth <= 0) return e().eq(this.#value());
    const options: (() => Any)[] = [
      ...['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'isDistinctFrom', 'isNotDistinctFrom'].map(
        m => () => e()[m](c.once(2) ? e() : this.#value()),
      ),
      () => e().isNotNull(),
      () => e().between(this.#value(), e()),
      () => e().in([this.#value(), this.#value()]),
      () => e().notIn([1, e()]),
      () => e().in(table('u').column('k')),
      () =>
        e().notIn(
          table('u')
            .filter((u: Any) => u.z.gt(1))
            .column('k'),
        ),
      () => e().startsWith('x'),
      () => e().endsWith("'"),
      () => e().contains(e()),
      () => e().like('%x_'),
      () => e().notLike(e()),
      () => e().ilike('A%'),
      () => e().matches(/a+b/i),
      () => e().matches('x'),
      () => cond().and(cond(), cond()),
      () => cond().or(cond()),
      () => cond().not(),
      () => and(cond(), cond()),
      () => or(cond(), cond(), cond()),
      () => not(cond()),
    ];
    return c.pick(options)();
  }

  #expr(t: Any, depth: number): Any {
    const c = this.#c;
    const column = (): Any => (c.once(2) ? t[c.pick(NAMES)] : t.$(c.pick(NAMES)));
    if (depth <= 0) return c.once(4) ? lit(this.#value()) : column();
    const e = (): Any => this.#expr(t, depth - 1);
    const arg = (): Any => (c.once(2) ? e() : c.pick([1, 2.5, -3, 7n]));
    const options: (() => Any)[] = [
      column,
      () => lit(this.#value()),
      ...['add', 'sub', 'mul', 'div', 'intDiv', 'mod', 'pow'].map(m => () => e()[m](arg())),
      ...['neg', 'abs', 'round', 'floor', 'ceil', 'sqrt', 'ln', 'lower', 'upper', 'trim', 'length', 'len'].map(
        m => () => e()[m](),
      ),
      ...['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second', 'dayOfWeek'].map(m => () => e()[m]()),
      () => e().round(2),
      () => e().fillNull(this.#value()),
      () => e().nullIf(this.#value()),
      () => coalesce(e(), e(), 1),
      () => e().cast(c.pick([...TYPES, ...MORE_TYPES])),
      () => e().tryCast(c.pick([...TYPES, ...MORE_TYPES])),
      () => e().substring(2),
      () => e().substring(-2, 1),
      () => e().replace('a', "b'"),
      () => e().replace(/(a)/g, '$1\\'),
      () => e().split(','),
      () => e().concat(e(), 'x', 1),
      () => e().trunc(c.pick(UNITS)),
      () => e().plus({ months: 1, days: 2, seconds: 1.5 }),
      () => e().minus({ years: 1, hours: 3 }),
      () => e().diff(c.once(2) ? e() : new Date(0), c.pick(UNITS)),
      () => e().format('%Y-%m'),
      () => e().at(c.pick([0, 3, -1])),
      () => e().join(', '),
      () => e().map((x: Any) => x.add(e()).mul(x)),
      () =>
        e().filter((x: Any) =>
          x.gt(1).and(
            e()
              .map((y: Any) => y.add(x))
              .len()
              .gt(2),
          ),
        ),
      () => e().field('Odd field'),
      () => this.#cond(t, depth - 1).ifElse(e(), this.#value()),
      () =>
        when(this.#cond(t, depth - 1), e())
          .when(this.#cond(t, depth - 1), 'x')
          .otherwise(e()),
      () => when(this.#cond(t, depth - 1), 1).end(),
      () => [add, sub, mul, div][c.below(4)]!(arg(), e()),
      () => fn['levenshtein']!(e(), 'x'),
      () => fn['list_value']!(e(), 1),
      () =>
        table('u')
          .agg((u: Any) => ({ m: u.x.max() }))
          .scalar('m'),
    ];
    return c.pick(options)();
  }

  #agg(t: Any): Any {
    const c = this.#c;
    const e = this.#expr(t, 1);
    const names = [
      'sum',
      'avg',
      'min',
      'max',
      'count',
      'countDistinct',
      'std',
      'variance',
      'median',
      'first',
      'last',
      'any',
      'all',
      'collectList',
    ];
    const agg = c.once(8) ? e.quantile(0.9) : e[c.pick(names)]();
    return c.once(3) ? agg.filterWhere(this.#cond(t, 1)) : agg;
  }

  #window(t: Any): Any {
    const c = this.#c;
    const e = (): Any => this.#expr(t, 1);
    const calls: (() => Any)[] = [
      ...[rowNumber, rank, denseRank, percentRank, cumeDist],
      () => ntile(4),
      () => e().lag(),
      () => e().lag(2, 0),
      () => e().lead(1).ignoreNulls(),
      () => e().nth(3),
      () => this.#agg(t),
    ];
    const frame = c.pick([
      {},
      { rows: [-2, 0] },
      { rows: [null, 3] },
      { range: [-1.5, 1] },
      { groups: [0, null], exclude: 'ties' },
      { exclude: 'current-row' },
    ]);
    const over = c.pick<() => Any>([
      () => [],
      () => [e(), e()],
      () => [{ partitionBy: e(), orderBy: [e(), e().desc({ nulls: 'last' })], ...frame }],
      () => [{ orderBy: e(), ...frame }],
    ])();
    return c
      .pick(calls)()
      .over(...over);
  }
}

/** `SELECT * FROM ${frame} WHERE a > ${value}` */
function inTemplate(frame: DataFrame<Any>, value: unknown): DataFrame<Any> {
  const strings = Object.assign(['SELECT * FROM ', ' WHERE a > ', ''], { raw: [] });
  return frameOf<Any>(parseTemplate(strings, [frame, value]).query, unusable);
}

test('SQL of any chain reads back as the same query', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(arbitraryChoices, choices => {
      const frame = new Chain(choices).frame(2);
      const sql = printQuery(frame.query);
      expect(withoutSpans(parse(sql)), sql).toEqual(withoutSpans(frame.query));
    }),
    { numRuns: 1500 },
  );
});
