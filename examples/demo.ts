// npm run demo: TPC-H at scale 0.1 as Parquet files, and its query 3 as SQL and as a chain.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { connect, desc, sub } from 'rayexec';

type Customer = { c_custkey: 'int64'; c_mktsegment: 'string' };
type Orders = { o_orderkey: 'int64'; o_custkey: 'int64'; o_orderdate: 'date'; o_shippriority: 'int32' };
type Lineitem = { l_orderkey: 'int64'; l_extendedprice: 'decimal'; l_discount: 'decimal'; l_shipdate: 'date' };

const threads = availableParallelism();
await using db = connect({ threads });
const seconds = (from: number) => `${((performance.now() - from) / 1000).toFixed(2)} s`;

mkdirSync('data/tpch-0.1', { recursive: true });
const file = (table: string) => `data/tpch-0.1/${table}.parquet`;
for (const table of ['region', 'nation', 'supplier', 'customer', 'part', 'partsupp', 'orders', 'lineitem']) {
  if (existsSync(file(table))) continue;
  const start = performance.now();
  const written = await db.execute(`COPY (SELECT * FROM tpch_${table}(0.1)) TO '${file(table)}'`);
  console.log(`generated ${file(table)}: ${written.rows()[0]?.[0]} rows in ${seconds(start)}`);
}

const text = `
  SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, o_orderdate, o_shippriority
  FROM '${file('customer')}', '${file('orders')}', '${file('lineitem')}'
  WHERE c_mktsegment = 'BUILDING' AND c_custkey = o_custkey AND l_orderkey = o_orderkey
    AND o_orderdate < DATE '1995-03-15' AND l_shipdate > DATE '1995-03-15'
  GROUP BY l_orderkey, o_orderdate, o_shippriority
  ORDER BY revenue DESC, o_orderdate
  LIMIT 10`;

const chain = db
  .parquet<Customer>(file('customer'))
  .filter(t => t.c_mktsegment.eq('BUILDING'))
  .join(db.parquet<Orders>(file('orders')), { c_custkey: 'o_custkey' })
  .join(db.parquet<Lineitem>(file('lineitem')), { o_orderkey: 'l_orderkey' })
  .filter(t => t.o_orderdate.lt('1995-03-15').and(t.l_shipdate.gt('1995-03-15')))
  .groupBy('l_orderkey', 'o_orderdate', 'o_shippriority')
  .agg(t => ({ revenue: t.l_extendedprice.mul(sub(1, t.l_discount)).sum() }))
  .select('l_orderkey', 'revenue', 'o_orderdate', 'o_shippriority')
  .sort(desc('revenue'), 'o_orderdate')
  .limit(10);

console.log(`\nTPC-H query 3 as SQL:\n${text}\n`);
await db.ready();
const start = performance.now();
const bySql = await db.sql(text).collect({ decimal: 'string' });
const time = seconds(start);
await db.sql(text).show();
console.log(`${time} on ${threads} threads\n`);

const source = readFileSync(new URL(import.meta.url), 'utf8');
console.log(`The same as a typed chain:\n\n${/const chain = [^;]*;/.exec(source)?.[0]}\n`);
const byChain = await chain.collect({ decimal: 'string' });
const same = isDeepStrictEqual(bySql, byChain);
console.log(`SQL and builder: ${same ? 'identical' : 'DIFFERENT'}\n`);
if (!same) process.exitCode = 1;

console.log(`Try next:
  npx rayexec -c "SELECT count(*) FROM '${file('lineitem')}'"
  npx rayexec --timer -c "EXPLAIN ANALYZE SELECT max(l_shipdate) FROM '${file('lineitem')}'"
  npx tsx examples/typed-chain.ts       more stories in examples/`);
