-- TPC-H's lines with their orders; prices in cents, rates in percent. Keys are folded onto the smaller dimensions.
SELECT
  CAST(l_orderkey AS INTEGER) AS lo_orderkey,
  l_linenumber AS lo_linenumber,
  CAST(1 + o_custkey % CAST(30000 * $scale AS BIGINT) AS INTEGER) AS lo_custkey,
  CAST(
    1 + l_partkey % CAST(CASE WHEN $scale < 1 THEN 200000 * $scale ELSE 200000 * floor(1 + log2($scale)) END AS BIGINT)
    AS INTEGER
  ) AS lo_partkey,
  CAST(1 + l_suppkey % CAST(2000 * $scale AS BIGINT) AS INTEGER) AS lo_suppkey,
  CAST(year(o_orderdate) * 10000 + month(o_orderdate) * 100 + day(o_orderdate) AS INTEGER) AS lo_orderdate,
  o_orderpriority AS lo_orderpriority,
  CAST(o_shippriority AS VARCHAR) AS lo_shippriority,
  CAST(l_quantity AS INTEGER) AS lo_quantity,
  CAST(l_extendedprice * 100 AS INTEGER) AS lo_extendedprice,
  CAST(o_totalprice * 100 AS INTEGER) AS lo_ordtotalprice,
  CAST(l_discount * 100 AS INTEGER) AS lo_discount,
  CAST(l_extendedprice * (100 - l_discount * 100) AS INTEGER) AS lo_revenue,
  CAST(CAST(l_extendedprice AS DOUBLE) * 60 / CAST(l_quantity AS DOUBLE) AS INTEGER) AS lo_supplycost,
  CAST(l_tax * 100 AS INTEGER) AS lo_tax,
  CAST(year(l_commitdate) * 10000 + month(l_commitdate) * 100 + day(l_commitdate) AS INTEGER) AS lo_commitdate,
  l_shipmode AS lo_shipmode
FROM tpch_lineitem($scale)
JOIN tpch_orders($scale) ON l_orderkey = o_orderkey
ORDER BY l_orderkey, l_linenumber
