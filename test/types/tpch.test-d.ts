import type * as queries from '../support/tpch-builder-queries.ts';
import { type Equal, expect, type SchemaOf } from './expect.ts';

type Columns<Q extends keyof typeof queries> = SchemaOf<ReturnType<(typeof queries)[Q]>>;

expect<
  Equal<
    Columns<'q1'>,
    {
      l_returnflag: 'string';
      l_linestatus: 'string';
      sum_qty: 'decimal';
      sum_base_price: 'decimal';
      sum_disc_price: 'decimal';
      sum_charge: 'decimal';
      avg_qty: 'float64';
      avg_price: 'float64';
      avg_disc: 'float64';
      count_order: 'int64';
    }
  >
>();
expect<
  Equal<
    Columns<'q2'>,
    {
      s_acctbal: 'decimal';
      s_name: 'string';
      n_name: 'string';
      p_partkey: 'int64';
      p_mfgr: 'string';
      s_address: 'string';
      s_phone: 'string';
      s_comment: 'string';
    }
  >
>();
expect<
  Equal<Columns<'q3'>, { l_orderkey: 'int64'; revenue: 'decimal'; o_orderdate: 'date'; o_shippriority: 'int32' }>
>();
expect<Equal<Columns<'q4'>, { o_orderpriority: 'string'; order_count: 'int64' }>>();
expect<Equal<Columns<'q5'>, { n_name: 'string'; revenue: 'decimal' }>>();
expect<Equal<Columns<'q6'>, { revenue: 'decimal' | null }>>();
expect<
  Equal<Columns<'q7'>, { supp_nation: 'string'; cust_nation: 'string'; l_year: 'int64' | null; revenue: 'decimal' }>
>();
expect<Equal<Columns<'q8'>, { o_year: 'int64' | null; mkt_share: 'float64' }>>();
expect<Equal<Columns<'q9'>, { nation: 'string'; o_year: 'int64' | null; sum_profit: 'decimal' }>>();
expect<
  Equal<
    Columns<'q10'>,
    {
      c_custkey: 'int64';
      c_name: 'string';
      revenue: 'decimal';
      c_acctbal: 'decimal';
      n_name: 'string';
      c_address: 'string';
      c_phone: 'string';
      c_comment: 'string';
    }
  >
>();
expect<Equal<Columns<'q11'>, { ps_partkey: 'int64'; value: 'decimal' }>>();
expect<Equal<Columns<'q12'>, { l_shipmode: 'string'; high_line_count: 'int128'; low_line_count: 'int128' }>>();
expect<Equal<Columns<'q13'>, { c_count: 'int64'; custdist: 'int64' }>>();
expect<Equal<Columns<'q14'>, { promo_revenue: 'float64' | null }>>();
expect<
  Equal<
    Columns<'q15'>,
    { s_suppkey: 'int64'; s_name: 'string'; s_address: 'string'; s_phone: 'string'; total_revenue: 'decimal' }
  >
>();
expect<Equal<Columns<'q16'>, { p_brand: 'string'; p_type: 'string'; p_size: 'int32'; supplier_cnt: 'int64' }>>();
expect<Equal<Columns<'q17'>, { avg_yearly: 'float64' | null }>>();
expect<
  Equal<
    Columns<'q18'>,
    {
      c_name: 'string';
      c_custkey: 'int64';
      o_orderkey: 'int64';
      o_orderdate: 'date';
      o_totalprice: 'decimal';
      'sum(l_quantity)': 'decimal';
    }
  >
>();
expect<Equal<Columns<'q19'>, { revenue: 'decimal' | null }>>();
expect<Equal<Columns<'q20'>, { s_name: 'string'; s_address: 'string' }>>();
expect<Equal<Columns<'q21'>, { s_name: 'string'; numwait: 'int64' }>>();
expect<Equal<Columns<'q22'>, { cntrycode: 'string'; numcust: 'int64'; totacctbal: 'decimal' }>>();
