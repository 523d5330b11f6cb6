-- 2,000 suppliers per scale: every fifth of TPC-H's.
SELECT
  CAST(s_suppkey // 5 AS INTEGER) AS s_suppkey,
  s_name,
  s_address,
  rpad(left(n_name, 9), 9, ' ') || hash(s_suppkey) % 10 AS s_city,
  n_name AS s_nation,
  r_name AS s_region,
  s_phone
FROM tpch_supplier($scale)
JOIN tpch_nation(1) ON s_nationkey = n_nationkey
JOIN tpch_region(1) ON n_regionkey = r_regionkey
WHERE s_suppkey % 5 = 0
ORDER BY 1
