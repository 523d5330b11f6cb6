import {
  and,
  type Cols,
  coalesce,
  count,
  type DataFrame,
  type Dynamic,
  denseRank,
  desc,
  type Enum,
  type List,
  lit,
  or,
  type Row,
  type Struct,
  sub,
  when,
} from '../../frontends/dataframe/index.ts';
import type { TpchTables } from '../support/tpch-schema.ts';
import { type Equal, expect, type SchemaOf } from './expect.ts';

declare const tables: TpchTables;
const { lineitem, orders, customer } = tables;

// Joins: nullability of the other side, shared keys once, suffixes.
const left = customer.leftJoin(orders, { c_custkey: 'o_custkey' });
expect<Equal<SchemaOf<typeof left>['o_totalprice'], 'decimal' | null>>();
expect<Equal<SchemaOf<typeof left>['c_name'], 'string'>>();
const known = left.dropNulls('o_orderkey');
expect<Equal<SchemaOf<typeof known>['o_orderkey'], 'int64'>>();
const right = customer.rightJoin(orders, { c_custkey: 'o_custkey' });
expect<Equal<SchemaOf<typeof right>['c_name'], 'string' | null>>();
expect<Equal<SchemaOf<typeof right>['o_totalprice'], 'decimal'>>();
const shared = orders.join(orders.rename({ o_custkey: 'c2' }), 'o_orderkey');
expect<Equal<SchemaOf<typeof shared>['o_clerk_right'], 'string'>>();
expect<Equal<SchemaOf<typeof shared>['c2'], 'int64'>>();
// @ts-expect-error comes out once
export type Twice = SchemaOf<typeof shared>['o_orderkey_right'];
declare const a: DataFrame<{ id: 'int32'; x: 'string' }>;
declare const b: DataFrame<{ id: 'int64'; x: 'string'; y: 'date' | null }>;
const full = a.fullJoin(b, 'id', { suffix: '_b' });
expect<Equal<SchemaOf<typeof full>, { id: 'int64'; x: 'string' | null; x_b: 'string' | null; y: 'date' | null }>>();
const rightShared = a.rightJoin(b, ['id']);
expect<Equal<SchemaOf<typeof rightShared>, { id: 'int64'; x: 'string' | null; x_right: 'string'; y: 'date' | null }>>();
const sameName = a.leftJoin(b, { id: 'id' });
expect<Equal<SchemaOf<typeof sameName>, { id: 'int32'; x: 'string'; x_right: 'string' | null; y: 'date' | null }>>();
const sameNames = a.fullJoin(b, { id: 'id', x: 'x' });
expect<Equal<SchemaOf<typeof sameNames>, { id: 'int64'; x: 'string'; y: 'date' | null }>>();
const oneGroup = a.groupBy().agg(t => ({ n: count(), total: t.id.sum(), most: t.id.max().fillNull(0) }));
expect<Equal<SchemaOf<typeof oneGroup>, { n: 'int64'; total: 'int128' | null; most: 'int32' }>>();
const cross = a.crossJoin(b);
expect<
  Equal<SchemaOf<typeof cross>, { id: 'int32'; x: 'string'; id_right: 'int64'; x_right: 'string'; y: 'date' | null }>
>();
const semi = a.semiJoin(b, (l, r) => l.id.eq(r.id));
expect<Equal<SchemaOf<typeof semi>, { id: 'int32'; x: 'string' }>>();
declare const trades: DataFrame<{ time: 'timestamp'; symbol: 'string'; price: 'float64' }>;
const asof = trades.asofJoin(trades.rename({ price: 'quote' }), { on: 'time', by: 'symbol' });
expect<
  Equal<
    SchemaOf<typeof asof>,
    {
      time: 'timestamp';
      symbol: 'string';
      price: 'float64';
      time_right: 'timestamp' | null;
      quote: 'float64' | null;
    }
  >
>();
const asofPairs = trades.asofJoin(trades, { on: { time: 'time' }, by: { symbol: 'symbol' } });
expect<Equal<SchemaOf<typeof asofPairs>['symbol_right'], 'string' | null>>();

// Expressions.
const wide = lineitem.withColumns(t => ({
  i: t.l_linenumber.add(1),
  f: t.l_linenumber.add(1.5),
  m: t.l_linenumber.mul(t.l_orderkey),
  d: t.l_linenumber.div(2),
  c: when(t.l_quantity.gt(10), 'big').when(t.l_quantity.gt(5), 'mid').otherwise(null),
  c2: t.l_quantity.gt(3).ifElse(1, 2.5),
  run: t.l_quantity.sum().over({ partitionBy: t.l_orderkey, orderBy: t.l_linenumber.desc() }),
  n: denseRank().over({ orderBy: t.l_shipdate }),
  y: t.l_shipdate.year(),
  k: lit('x'),
  one: 1,
  lower: t.l_shipmode.lower(),
  prev: t.l_shipdate.lag().over({ partitionBy: t.l_partkey, orderBy: t.l_shipdate }),
  words: t.l_comment.split(' ').len(),
  next: t.l_shipdate.plus({ months: 1 }),
  days: t.l_receiptdate.diff(t.l_shipdate, 'day'),
  price: t.l_quantity.cast('decimal(10,1)'),
  tried: t.l_comment.tryCast('int32'),
  some: coalesce(t.l_comment.nullIf(''), 'none'),
}));
expect<
  Equal<
    Omit<SchemaOf<typeof wide>, keyof SchemaOf<typeof lineitem>>,
    {
      i: 'int32';
      f: 'decimal';
      m: 'int64';
      d: 'float64';
      c: 'string' | null;
      c2: 'decimal';
      run: 'decimal';
      n: 'int64';
      y: 'int64' | null;
      k: 'string';
      one: 'int32';
      lower: 'string';
      prev: 'date' | null;
      words: 'int64';
      next: 'timestamp';
      days: 'int64' | null;
      price: 'decimal';
      tried: 'int32' | null;
      some: 'string';
    }
  >
>();

// Conditions and values of mixed nullability and type.
declare const mixed: DataFrame<{ a: 'int32'; b: 'int64' | null; c: 'string' | null }>;
const combined = mixed.select(t => ({
  both: t.a.gt(1).and(t.b.gt(1), t.c.isNull()),
  either: or(t.a.gt(1), t.b.lt(t.a)),
  known: and(t.a.gt(1), t.c.isNotNull()),
  first: coalesce(t.b, t.a),
  maybe: coalesce(t.c, t.c.nullIf('x')),
  always: coalesce(t.a, t.b, 0),
  text: t.c.concat('-', t.a, 1),
}));
expect<
  Equal<
    SchemaOf<typeof combined>,
    {
      both: 'boolean' | null;
      either: 'boolean' | null;
      known: 'boolean';
      first: 'int64';
      maybe: 'string' | null;
      always: 'int64';
      text: 'string';
    }
  >
>();

// A frame of a window that may hold no row gives NULL, but for counts.
declare const from: number;
const windows = mixed.select(t => ({
  running: t.a.sum().over({ orderBy: t.a, rows: [null, 0] }),
  around: t.a.max().over({ orderBy: t.a, rows: [-2, 2] }),
  before: t.a.sum().over({ orderBy: t.a, rows: [-2, -1] }),
  after: t.a.sum().over({ orderBy: t.a, range: [1, null] }),
  unknown: t.a.sum().over({ orderBy: t.a, rows: [from, 0] }),
  counted: t.a.count().over({ orderBy: t.a, rows: [-2, -1] }),
  parts: t.a.sum().over(t.b, t.c),
  groups: t.a.sum().over({ orderBy: t.a, groups: [-1, 0] }),
  others: t.a.sum().over({ orderBy: t.a, exclude: 'current-row' }),
  peerless: t.a.sum().over({ orderBy: t.a, rows: [null, null], exclude: 'ties' }),
  lagged: t.a.lag().over({ orderBy: t.a }),
  zero: t.a.lag(1, 0).over({ orderBy: t.a }),
  ignored: t.a.lead(2, 0).ignoreNulls().over({ orderBy: t.a }),
  second: t.a.nth(2).over({ orderBy: t.a }),
}));
expect<
  Equal<
    SchemaOf<typeof windows>,
    {
      running: 'int128';
      around: 'int32';
      before: 'int128' | null;
      after: 'int128' | null;
      unknown: 'int128' | null;
      counted: 'int64';
      parts: 'int128';
      groups: 'int128';
      others: 'int128' | null;
      peerless: 'int128';
      lagged: 'int32' | null;
      zero: 'int32';
      ignored: 'int32' | null;
      second: 'int32' | null;
    }
  >
>();

// Aggregates over a whole frame may have nothing to aggregate.
const whole = orders.agg(t => ({
  n: count(),
  s: t.o_totalprice.sum(),
  s0: t.o_totalprice.sum().fillNull(0),
  late: t.o_orderdate.max(),
}));
expect<Equal<SchemaOf<typeof whole>, { n: 'int64'; s: 'decimal' | null; s0: 'decimal'; late: 'date' | null }>>();
const filtered = orders.groupBy('o_custkey').agg(t => ({
  open: t.o_totalprice.sum().filterWhere(t.o_orderstatus.eq('O')),
  n: count().filterWhere(t.o_orderstatus.eq('O')),
}));
expect<Equal<SchemaOf<typeof filtered>, { o_custkey: 'int64'; open: 'decimal' | null; n: 'int64' }>>();

// Reshaping.
const long = wide.select('i', 'd', 'k').unpivot({ on: ['i'], name: 'metric' });
expect<Equal<SchemaOf<typeof long>, { d: 'float64'; k: 'string'; metric: 'string'; value: 'int32' }>>();
const pivoted = orders
  .withColumns(t => ({ y: t.o_orderdate.year() }))
  .pivot({ rows: ['o_orderpriority'], on: 'y', in: [1995, 1996], values: t => t.o_totalprice.sum() });
expect<
  Equal<SchemaOf<typeof pivoted>, { o_orderpriority: 'string'; 1995: 'decimal' | null; 1996: 'decimal' | null }>
>();
declare const nested: DataFrame<{
  id: 'int64';
  tags: List<'string'>;
  o: Struct<{ z: 'boolean'; w: 'date' | null }>;
  e: Enum<'A' | 'F'>;
}>;
const tags = nested.explode('tags').select('e', t => ({ tag: t.tags, z: t.o.field('z') }));
expect<Equal<SchemaOf<typeof tags>, { e: Enum<'A' | 'F'>; tag: 'string'; z: 'boolean' }>>();
const flat = nested.drop('tags', 'e').unnest('o', { prefix: 'o_' });
expect<Equal<SchemaOf<typeof flat>, { id: 'int64'; o_z: 'boolean'; o_w: 'date' | null }>>();
nested.filter(t => t.e.eq('A'));
// @ts-expect-error not a value of the enum
nested.filter(t => t.e.eq('Z'));
const united = a.unionAll(b);
expect<Equal<SchemaOf<typeof united>, { id: 'int64'; x: 'string' }>>();

// Rows as JavaScript values.
expect<Equal<Row<typeof a>, { id: number; x: string }>>();
expect<Equal<Row<typeof b>, { id: number; x: string; y: Date | null }>>();
expect<Equal<Row<typeof b, { int64: 'bigint'; date: 'string' }>, { id: bigint; x: string; y: string | null }>>();
expect<Equal<Row<typeof nested>, { id: number; tags: string[]; o: { z: boolean; w: Date | null }; e: 'A' | 'F' }>>();
export async function results(): Promise<void> {
  const rows = await b.collect({ int64: 'bigint' });
  expect<Equal<(typeof rows)[number]['id'], bigint>>();
  const first = await whole.first();
  expect<Equal<typeof first, { n: number; s: number | null; s0: number; late: Date | null } | undefined>>();
  const ids = await b.values('id', { int64: 'string' });
  expect<Equal<typeof ids, string[]>>();
  const columns = await b.toColumns();
  expect<Equal<typeof columns, { id: Float64Array; x: string[]; y: (Date | null)[] }>>();
  for await (const batch of b.stream({ batchRows: 100 })) {
    expect<Equal<ReturnType<typeof batch.rows>, { id: number; x: string; y: Date | null }[]>>();
  }
}

// Reusable steps: over frames that have some columns, and as measures.
type Sale = { l_extendedprice: 'decimal'; l_discount: 'decimal' };
const revenueOf = (t: Cols<Sale>) => t.l_extendedprice.mul(sub(1, t.l_discount));
function dearest<S extends Sale>(df: DataFrame<S>): DataFrame<S> {
  return df.sort(desc('l_extendedprice'), 'l_discount').limit(10);
}
const piped = lineitem.pipe(dearest);
expect<Equal<typeof piped, typeof lineitem>>();
const measured = lineitem.groupBy('l_suppkey').agg(t => ({ revenue: revenueOf(t).sum() }));
expect<Equal<SchemaOf<typeof measured>, { l_suppkey: 'int64'; revenue: 'decimal' }>>();

// Frames without a schema: everything compiles, values are any.
declare const dynamic: DataFrame<Dynamic>;
const free = dynamic
  .filter(t => t.a.gt(5).and(t.b.anything()))
  .withColumns(t => ({ c: t.a.add(1) }))
  .join(orders, { a: 'o_orderkey' })
  .leftJoin(dynamic, 'k')
  .drop('x')
  .rename({ y: 'z' })
  .groupBy('a', 'b')
  .agg(t => ({ n: count(), s: t.c.sum() }))
  .filter(t => t.s.gt(5))
  .sort('s')
  .limit(3);
export async function dynamicResults(): Promise<void> {
  const rows = await free.collect();
  const [row] = rows;
  rows[0]?.['s'].anything();
  expect<Equal<Exclude<typeof row, undefined>['s'], unknown> extends true ? false : true>();
  const picked = await dynamic.select('a', t => ({ b: t.x.sub(1) })).first();
  picked?.a.anything();
  picked?.b.anything();
}
