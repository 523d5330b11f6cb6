-- 30,000 customers per scale: every fifth of TPC-H's. A city is nine letters of its nation and a digit.
SELECT
  CAST(c_custkey // 5 AS INTEGER) AS c_custkey,
  c_name,
  c_address,
  rpad(left(n_name, 9), 9, ' ') || hash(c_custkey) % 10 AS c_city,
  n_name AS c_nation,
  r_name AS c_region,
  c_phone,
  c_mktsegment
FROM tpch_customer($scale)
JOIN tpch_nation(1) ON c_nationkey = n_nationkey
JOIN tpch_region(1) ON n_regionkey = r_regionkey
WHERE c_custkey % 5 = 0
ORDER BY 1
