import { expect, it } from 'vitest';
import type { Executor } from '../../../frontends/dataframe/index.ts';
import { knownColumns } from '../../../frontends/dataframe/known-columns.ts';
import * as queries from '../../support/tpch-builder-queries.ts';
import type { TpchSchema, TpchTables } from '../../support/tpch-schema.ts';
import { frameOver } from './frame-over.ts';

const COLUMNS: { readonly [T in keyof TpchSchema]: string } = {
  lineitem:
    'l_orderkey l_partkey l_suppkey l_linenumber l_quantity l_extendedprice l_discount l_tax l_returnflag l_linestatus l_shipdate l_commitdate l_receiptdate l_shipinstruct l_shipmode l_comment',
  orders:
    'o_orderkey o_custkey o_orderstatus o_totalprice o_orderdate o_orderpriority o_clerk o_shippriority o_comment',
  customer: 'c_custkey c_name c_address c_nationkey c_phone c_acctbal c_mktsegment c_comment',
  supplier: 's_suppkey s_name s_address s_nationkey s_phone s_acctbal s_comment',
  part: 'p_partkey p_name p_mfgr p_brand p_type p_size p_container p_retailprice p_comment',
  partsupp: 'ps_partkey ps_suppkey ps_availqty ps_supplycost ps_comment',
  nation: 'n_nationkey n_name n_regionkey n_comment',
  region: 'r_regionkey r_name r_comment',
};

/** The columns of the SQL texts, in their order. */
const EXPECTED: { readonly [Q in keyof typeof queries]: string } = {
  q1: 'l_returnflag l_linestatus sum_qty sum_base_price sum_disc_price sum_charge avg_qty avg_price avg_disc count_order',
  q2: 's_acctbal s_name n_name p_partkey p_mfgr s_address s_phone s_comment',
  q3: 'l_orderkey revenue o_orderdate o_shippriority',
  q4: 'o_orderpriority order_count',
  q5: 'n_name revenue',
  q6: 'revenue',
  q7: 'supp_nation cust_nation l_year revenue',
  q8: 'o_year mkt_share',
  q9: 'nation o_year sum_profit',
  q10: 'c_custkey c_name revenue c_acctbal n_name c_address c_phone c_comment',
  q11: 'ps_partkey value',
  q12: 'l_shipmode high_line_count low_line_count',
  q13: 'c_count custdist',
  q14: 'promo_revenue',
  q15: 's_suppkey s_name s_address s_phone total_revenue',
  q16: 'p_brand p_type p_size supplier_cnt',
  q17: 'avg_yearly',
  q18: 'c_name c_custkey o_orderkey o_orderdate o_totalprice sum(l_quantity)',
  q19: 'revenue',
  q20: 's_name s_address',
  q21: 's_name numwait',
  q22: 'cntrycode numcust totacctbal',
};

const executor: Executor = {
  ...frameOver('t').executor,
  columnNames: query => (query.kind === 'table' ? COLUMNS[query.path[0] as keyof TpchSchema].split(' ') : undefined),
};
const tables = Object.fromEntries(
  Object.keys(COLUMNS).map(table => [table, frameOver(table, executor)]),
) as unknown as TpchTables;

it.each(Object.entries(queries))('%s gives the columns of its SQL text, as plain data', (name, build) => {
  const { query } = build(tables);
  expect(knownColumns(query, executor)?.join(' ')).toBe(EXPECTED[name as keyof typeof queries]);
  expect(JSON.parse(JSON.stringify(query))).toEqual(query);
});
