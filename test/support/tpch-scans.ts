import type { ColumnStatistics } from '../../src/plan/logical-plan.ts';
import { DATE, type DataType, decimal, INT32, INT64, UTF8 } from '../../src/types/data-type.ts';
import type { PlanBuilder } from './plan.ts';

const key = (max: number): ColumnStatistics => ({
  min: { type: INT64, value: '1' },
  max: { type: INT64, value: String(max) },
});
const dates: ColumnStatistics = { min: { type: DATE, value: 8035 }, max: { type: DATE, value: 10591 } };
const small = (max: number): ColumnStatistics => ({ min: { type: INT32, value: 0 }, max: { type: INT32, value: max } });

/** Scans of the TPC-H tables with what Parquet files of scale 1 tell: rows, minima and maxima. */
export const tpchScans = (b: PlanBuilder) => ({
  region: () => b.scan('region', { r_regionkey: INT32, r_name: UTF8 }, 5, { r_regionkey: small(4) }, false),
  nation: () =>
    b.scan(
      'nation',
      { n_nationkey: INT32, n_name: UTF8, n_regionkey: INT32 },
      25,
      { n_nationkey: small(24), n_regionkey: small(4) },
      false,
    ),
  supplier: () =>
    b.scan(
      'supplier',
      { s_suppkey: INT64, s_nationkey: INT32, s_name: UTF8 },
      10_000,
      { s_suppkey: key(10_000), s_nationkey: small(24) },
      false,
    ),
  customer: () =>
    b.scan(
      'customer',
      { c_custkey: INT64, c_nationkey: INT32, c_mktsegment: UTF8 },
      150_000,
      { c_custkey: key(150_000), c_nationkey: small(24) },
      false,
    ),
  part: () =>
    b.scan('part', { p_partkey: INT64, p_name: UTF8, p_type: UTF8 }, 200_000, { p_partkey: key(200_000) }, false),
  partsupp: () =>
    b.scan(
      'partsupp',
      { ps_partkey: INT64, ps_suppkey: INT64 },
      800_000,
      { ps_partkey: key(200_000), ps_suppkey: key(10_000) },
      false,
    ),
  orders: () =>
    b.scan(
      'orders',
      { o_orderkey: INT64, o_custkey: INT64, o_orderdate: DATE },
      1_500_000,
      { o_orderkey: key(6_000_000), o_custkey: key(149_999), o_orderdate: dates },
      false,
    ),
  lineitem: () =>
    b.scan(
      'lineitem',
      { l_orderkey: INT64, l_partkey: INT64, l_suppkey: INT64, l_shipdate: DATE, l_quantity: MONEY },
      6_001_215,
      { l_orderkey: key(6_000_000), l_partkey: key(200_000), l_suppkey: key(10_000), l_shipdate: dates },
      false,
    ),
});

const MONEY: DataType = decimal(15, 2);
