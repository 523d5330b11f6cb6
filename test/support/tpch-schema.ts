import type { DataFrame } from '../../frontends/dataframe/index.ts';

/** The columns of TPC-H's eight tables, as its generators write them to Parquet. */
export interface TpchSchema {
  lineitem: {
    l_orderkey: 'int64';
    l_partkey: 'int64';
    l_suppkey: 'int64';
    l_linenumber: 'int32';
    l_quantity: 'decimal';
    l_extendedprice: 'decimal';
    l_discount: 'decimal';
    l_tax: 'decimal';
    l_returnflag: 'string';
    l_linestatus: 'string';
    l_shipdate: 'date';
    l_commitdate: 'date';
    l_receiptdate: 'date';
    l_shipinstruct: 'string';
    l_shipmode: 'string';
    l_comment: 'string';
  };
  orders: {
    o_orderkey: 'int64';
    o_custkey: 'int64';
    o_orderstatus: 'string';
    o_totalprice: 'decimal';
    o_orderdate: 'date';
    o_orderpriority: 'string';
    o_clerk: 'string';
    o_shippriority: 'int32';
    o_comment: 'string';
  };
  customer: {
    c_custkey: 'int64';
    c_name: 'string';
    c_address: 'string';
    c_nationkey: 'int64';
    c_phone: 'string';
    c_acctbal: 'decimal';
    c_mktsegment: 'string';
    c_comment: 'string';
  };
  supplier: {
    s_suppkey: 'int64';
    s_name: 'string';
    s_address: 'string';
    s_nationkey: 'int64';
    s_phone: 'string';
    s_acctbal: 'decimal';
    s_comment: 'string';
  };
  part: {
    p_partkey: 'int64';
    p_name: 'string';
    p_mfgr: 'string';
    p_brand: 'string';
    p_type: 'string';
    p_size: 'int32';
    p_container: 'string';
    p_retailprice: 'decimal';
    p_comment: 'string';
  };
  partsupp: {
    ps_partkey: 'int64';
    ps_suppkey: 'int64';
    ps_availqty: 'int32';
    ps_supplycost: 'decimal';
    ps_comment: 'string';
  };
  nation: { n_nationkey: 'int64'; n_name: 'string'; n_regionkey: 'int64'; n_comment: 'string' };
  region: { r_regionkey: 'int64'; r_name: 'string'; r_comment: 'string' };
}

/** Frames over the eight tables. */
export type TpchTables = { readonly [T in keyof TpchSchema]: DataFrame<TpchSchema[T]> };
