-- 200,000 · (1 + log2(scale)) parts, below scale 1 as many as TPC-H has. TPC-H's brand gives the category, which has 40 brands.
SELECT
  CAST(p_partkey AS INTEGER) AS p_partkey,
  p_name,
  'MFGR#' || left(brand, 1) AS p_mfgr,
  'MFGR#' || brand AS p_category,
  'MFGR#' || brand || (1 + hash(p_partkey) % 40) AS p_brand1,
  split_part(p_name, ' ', 1) AS p_color,
  p_type,
  p_size,
  p_container
FROM (SELECT *, right(p_brand, 2) AS brand FROM tpch_part($scale))
WHERE p_partkey <= CASE WHEN $scale < 1 THEN 200000 * $scale ELSE 200000 * floor(1 + log2($scale)) END
ORDER BY 1
