import { coalesce, desc, fn, when } from '../../frontends/dataframe/index.ts';
import { connect, type Database } from '../../frontends/index.ts';
import type { TpchSchema, TpchTables } from '../support/tpch-schema.ts';

declare const tables: TpchTables;
declare const db: Database<TpchSchema>;
const { lineitem, orders, customer } = tables;
const half = db.udf('half', ['int64'], 'float64', x => x / 2);

// Each line is one typical mistake, and must be one error.

// @ts-expect-error unknown column
lineitem.filter(t => t.l_shipdat.lte('1998-09-02'));
// @ts-expect-error a number where a date is wanted
lineitem.filter(t => t.l_shipdate.lte(5));
// @ts-expect-error not an ISO date
lineitem.filter(t => t.l_shipdate.lte('02/09/98 x'));
// @ts-expect-error a method of strings on a number
lineitem.filter(t => t.l_quantity.startsWith('x'));
// @ts-expect-error an aggregate in filter
lineitem.filter(t => t.l_quantity.sum().gt(5));
// @ts-expect-error an integer joined with a string
orders.join(customer, { o_custkey: 'c_name' });
// @ts-expect-error unknown left key
orders.join(customer, { o_custke: 'c_custkey' });
// @ts-expect-error not a column of both sides
orders.join(customer, 'o_custkey');
// @ts-expect-error no aggregate
orders.groupBy('o_custkey').agg(t => ({ p: t.o_totalprice }));
// @ts-expect-error unknown key
orders.groupBy('o_custkeyy');
// @ts-expect-error unknown column
orders.sort('o_totalpric');
// @ts-expect-error unknown column
orders.sort(desc('o_totalpric'));
// @ts-expect-error an aggregate in select
orders.select(t => ({ p: t.o_totalprice.sum() }));
// @ts-expect-error an aggregate in withColumns
orders.withColumns(t => ({ p: t.o_totalprice.sum() }));
// @ts-expect-error a dropped column
orders.drop('o_clerk').filter(t => t.o_clerk.eq('x'));
// @ts-expect-error not a condition
orders.filter(t => t.o_orderkey);
const counted = orders.groupBy('o_custkey').count('n');
// @ts-expect-error gone after count
counted.filter(t => t.o_totalprice.gt(1));
// @ts-expect-error a string compared with a number
orders.filter(t => t.o_orderkey.eq('5'));
// @ts-expect-error a row's value beside an aggregate
orders.groupBy('o_custkey').agg(t => ({ x: t.o_totalprice.div(t.o_totalprice.sum()) }));
// @ts-expect-error a number and a text in one column
orders.withColumns(t => ({ x: coalesce(t.o_totalprice, 'none') }));
// @ts-expect-error branches of different types
orders.withColumns(t => ({ x: when(t.o_custkey.gt(1), t.o_orderdate).otherwise(t.o_clerk) }));
// @ts-expect-error unknown column
orders.select('o_orderkey', 'nope');
// @ts-expect-error a JavaScript operator
orders.filter(t => t.o_totalprice > 5);
// @ts-expect-error an aggregate of an aggregate
orders.groupBy('o_custkey').agg(t => ({ x: t.o_totalprice.sum().sum() }));
// @ts-expect-error a column of strings as members of integers
orders.filter(t => t.o_custkey.in(customer.column('c_name')));
// @ts-expect-error unknown column of the sub-query
orders.filter(t => t.o_custkey.in(customer.column('c_cust')));
// @ts-expect-error a missing column in a union
orders.unionAll(customer);
// @ts-expect-error unknown option
orders.collect({ int64: 'float' });
// @ts-expect-error a window function without a window
orders.withColumns(t => ({ x: t.o_totalprice.lag() }));
// @ts-expect-error a default of another type
orders.withColumns(t => ({ x: t.o_orderkey.lag(1, 'none').over({ orderBy: t.o_orderkey }) }));
// @ts-expect-error unknown type
orders.withColumns(t => ({ x: t.o_totalprice.cast('integer') }));
// @ts-expect-error unknown column
orders.rename({ o_orderkeyy: 'key' });
// @ts-expect-error unknown column
orders.dropNulls('o_clerkk');
// @ts-expect-error unknown column in SQL
db.sql('select l_orderky from lineitem');
// @ts-expect-error unknown table in SQL
db.sql('select * from lineitems');
// @ts-expect-error unknown column of a table in SQL
db.sql('select l.l_tax, o.o_tax from lineitem l join orders o on l_orderkey = o_orderkey');
// @ts-expect-error a sum of texts in SQL
db.sql('select sum(o_clerk) as s from orders');
// @ts-expect-error an unknown type in a schema
db.from([{ id: 1 }], { schema: { id: 'int46' } });
// @ts-expect-error an unknown type in a file's schema
db.parquet('a.parquet', { schema: { id: 'integer' } });
// @ts-expect-error an unknown type in the database's schema
connect({ schema: { files: { 'a.csv': { id: 'int46' } } } });
// @ts-expect-error a column that the schema does not have
db.from([{ id: 1, name: 'x' }], { schema: { id: 'int64' } }).filter(t => t.name.eq('x'));
// @ts-expect-error an unknown type of an argument
db.udf('f', ['int46'], 'float64', () => 1);
// @ts-expect-error an unknown type of the result
db.udf('f', ['int32'], 'double', () => 1);
// @ts-expect-error a parameter of another type
db.udf('f', ['int32'], 'float64', (x: string) => x.length);
// @ts-expect-error a result of another type
db.udf('f', ['int32'], 'float64', x => `${x}`);
// @ts-expect-error NULL from a function that never gives it
db.udf('f', ['int32'], 'float64', x => (x > 0 ? x : null));
// @ts-expect-error an argument of another type
orders.withColumns(t => ({ x: half(t.o_clerk) }));
// @ts-expect-error a missing argument
orders.withColumns(() => ({ x: half() }));

// And these are none.
db.sql<{ x: 'int32' }>('select 1 as x from nowhere');
orders.filter(t => fn.levenshtein(t.o_clerk, 'x').lt(3));
orders.filter(t => t.$('anything').gt(5));
