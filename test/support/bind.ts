import { parse, parseStatements } from '../../frontends/sql/index.ts';
import { bindQuery } from '../../src/bind/bind.ts';
import type { BindOptions, BindSettings } from '../../src/bind/binder.ts';
import { resolve } from '../../src/bind/resolve.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { NO_CONSTRAINTS, type TableEntry } from '../../src/catalog/entry.ts';
import { RayexecError } from '../../src/common/errors.ts';
import { aggregateFunctions } from '../../src/functions/aggregate/index.ts';
import { generic } from '../../src/functions/overload.ts';
import { builtinFunctions, FunctionRegistry } from '../../src/functions/registry.ts';
import { scalarFunctions } from '../../src/functions/scalar/index.ts';
import { windowFunctions } from '../../src/functions/window/index.ts';
import { checkPlan } from '../../src/plan/check.ts';
import { explainPlan } from '../../src/plan/explain.ts';
import { type BoundQuery, type BoundSource, ROW_ID } from '../../src/plan/logical-plan.ts';
import type { Platform } from '../../src/platform/platform.ts';
import type { TableFunction } from '../../src/protocol/table-function.ts';
import type { Query } from '../../src/query/query.ts';
import type { Statement } from '../../src/query/statement.ts';
import { TableVersion } from '../../src/storage/table-version.ts';
import {
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  type Schema,
  UTF8,
} from '../../src/types/data-type.ts';
import type { Scalar } from '../../src/types/scalar.ts';

const money = decimal(15, 2);

/** `{ k: INT64 }` with NOT NULL columns, as TPC-H's generator writes them. */
const notNull = (types: Readonly<Record<string, DataType>>): Schema =>
  Object.entries(types).map(([name, type]) => ({ name, type, nullable: false }));
const nullable = (types: Readonly<Record<string, DataType>>): Schema =>
  Object.entries(types).map(([name, type]) => ({ name, type, nullable: true }));

const TABLES: Readonly<Record<string, Schema>> = {
  lineitem: notNull({
    l_orderkey: INT64,
    l_partkey: INT64,
    l_suppkey: INT64,
    l_linenumber: INT32,
    l_quantity: money,
    l_extendedprice: money,
    l_discount: money,
    l_tax: money,
    l_returnflag: UTF8,
    l_linestatus: UTF8,
    l_shipdate: DATE,
    l_commitdate: DATE,
    l_receiptdate: DATE,
    l_shipinstruct: UTF8,
    l_shipmode: UTF8,
    l_comment: UTF8,
  }),
  orders: notNull({
    o_orderkey: INT64,
    o_custkey: INT64,
    o_orderstatus: UTF8,
    o_totalprice: money,
    o_orderdate: DATE,
    o_orderpriority: UTF8,
    o_clerk: UTF8,
    o_shippriority: INT32,
    o_comment: UTF8,
  }),
  customer: notNull({
    c_custkey: INT64,
    c_name: UTF8,
    c_address: UTF8,
    c_nationkey: INT64,
    c_phone: UTF8,
    c_acctbal: money,
    c_mktsegment: UTF8,
    c_comment: UTF8,
  }),
  supplier: notNull({
    s_suppkey: INT64,
    s_name: UTF8,
    s_address: UTF8,
    s_nationkey: INT64,
    s_phone: UTF8,
    s_acctbal: money,
    s_comment: UTF8,
  }),
  part: notNull({
    p_partkey: INT64,
    p_name: UTF8,
    p_mfgr: UTF8,
    p_brand: UTF8,
    p_type: UTF8,
    p_size: INT32,
    p_container: UTF8,
    p_retailprice: money,
    p_comment: UTF8,
  }),
  partsupp: notNull({
    ps_partkey: INT64,
    ps_suppkey: INT64,
    ps_availqty: INT32,
    ps_supplycost: money,
    ps_comment: UTF8,
  }),
  nation: notNull({ n_nationkey: INT64, n_name: UTF8, n_regionkey: INT64, n_comment: UTF8 }),
  region: notNull({ r_regionkey: INT64, r_name: UTF8, r_comment: UTF8 }),
  t: nullable({ a: INT32, b: INT32, s: UTF8 }),
  u: nullable({ a: INT32, x: INT32, y: UTF8 }),
  n: notNull({ k: INT32, v: FLOAT64 }),
  d: nullable({ day: DATE, small: INT16, price: money }),
  p: nullable({
    id: INT32,
    point: {
      kind: 'struct',
      fields: [
        { name: 'x', type: FLOAT64 },
        { name: 'label', type: UTF8 },
      ],
    },
  }),
};

function sourceOf(label: string, schema: Schema): BoundSource {
  return {
    fn: 'table_scan',
    label,
    schema,
    statistics: {},
    splits: [],
    state: null,
    hidden: [{ name: ROW_ID, type: INT64, nullable: false }],
  };
}

function tableOf(name: string, schema: Schema, id: number): TableEntry {
  const columns = schema.map(f => ({ ...f }));
  return {
    kind: 'table',
    schema: 'main',
    name,
    id,
    columns,
    constraints: NO_CONSTRAINTS,
    temporary: false,
    rows: new TableVersion(),
    statistics: {},
    source: () => sourceOf(name, schema),
  };
}

const doc = { summary: '', args: [], examples: [], category: 'table' } as const;
const unreadable = () => {
  throw new Error('nothing is read when binding');
};

/** Table functions that know their schema without looking at anything; `calls` lists what they were asked. */
export const calls: string[] = [];
const fakeReader = (name: string, extension: string): TableFunction => ({
  name,
  doc,
  extensions: [extension],
  bind: args => {
    calls.push(
      `${name}(${JSON.stringify([...args.positional.map(a => a.value), ...Object.entries(args.named).map(([k, v]) => [k, v.value])])})`,
    );
    return Promise.resolve(sourceOf(String(args.positional[0]?.value), nullable({ id: INT64, name: UTF8 })));
  },
  open: unreadable,
});
const range: TableFunction = {
  name: 'range',
  aliases: ['generate_series'],
  doc,
  bind: args => {
    if (args.positional.length === 0)
      return Promise.reject(new RayexecError('bind', 'range takes one to three numbers'));
    return Promise.resolve({
      ...sourceOf('range', notNull({ range: INT64 })),
      fn: 'range',
      state: args.positional.map(a => a.value) as never,
    });
  },
  open: unreadable,
};

/** Nested values are bound before there are functions that compute them. */
const nested = ['struct_extract', 'struct_pack'].filter(name => builtinFunctions.scalar(name) === undefined);
const functions = new FunctionRegistry(
  [
    ...scalarFunctions,
    ...nested.map(name => ({
      name,
      doc: { ...doc, category: 'list' as const },
      overloads: [generic('any', '(ANY...) -> ANY', () => undefined, unreadable)],
    })),
  ],
  aggregateFunctions,
  windowFunctions,
);

/** The catalog of these tests: TPC-H's tables and some small ones, no rows. */
export const testCatalog: Catalog = Object.entries(TABLES).reduce(
  (catalog, [name, schema], id) => catalog.withRelation(tableOf(name, schema, id)),
  Catalog.create(functions, [fakeReader('read_parquet', '.parquet'), fakeReader('read_csv', '.csv'), range]),
);

export type TestOptions = {
  readonly catalog?: Catalog;
  readonly parameters?: Readonly<Record<string, Scalar>>;
  readonly settings?: Partial<BindSettings>;
};

export const optionsOf = (
  source: string | undefined,
  { parameters = {}, settings = {} }: TestOptions = {},
): BindOptions => ({
  settings: {
    integerDivision: false,
    defaultNullOrder: 'nulls_last',
    defaultOrder: 'asc',
    timeZone: 'UTC',
    ...settings,
  },
  now: 1_700_000_000_000_000n,
  parameters,
  source,
  settingValues: { threads: '2' },
});

export const contextOf = ({ catalog = testCatalog, parameters = {} }: TestOptions = {}, source?: string) => ({
  catalog,
  platform: {} as Platform,
  splitRows: 1000,
  parameters,
  source,
  valuesOf: async () => [],
});

/** Binds a query and checks its plan. */
export async function bound(query: string | Query, options: TestOptions = {}): Promise<BoundQuery> {
  const source = typeof query === 'string' ? query : undefined;
  const parsed = typeof query === 'string' ? parse(query) : query;
  const resolved = await resolve(parsed, contextOf(options, source));
  const result = bindQuery(parsed, resolved, optionsOf(source, options));
  checkPlan(result.plan);
  return result;
}

/** The bound plan of a query as text, on a line of its own. */
export async function planOf(query: string | Query, options: TestOptions = {}): Promise<string> {
  return `\n${explainPlan((await bound(query, options)).plan)}\n`;
}

/** What a query's error says to people. */
export async function errorOf(query: string, options: TestOptions = {}): Promise<string> {
  try {
    await bound(query, options);
  } catch (error) {
    if (error instanceof RayexecError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error(`no error: ${query}`);
}

export const statementOf = (text: string): Statement => parseStatements(text)[0]!;
