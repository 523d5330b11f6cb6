-- The group-by table of h2o.ai's database-like benchmark: $rows rows, 100 values of each small key, 5 of v1, 15 of v2,
-- a hundredth of the rows of the large keys. No NULLs, in no order.
SELECT
  'id' || lpad(CAST(hash(range, 1) % 100 + 1 AS VARCHAR), 3, '0') AS id1,
  'id' || lpad(CAST(hash(range, 2) % 100 + 1 AS VARCHAR), 3, '0') AS id2,
  'id' || lpad(CAST(hash(range, 3) % ($rows // 100) + 1 AS VARCHAR), 10, '0') AS id3,
  CAST(hash(range, 4) % 100 + 1 AS INTEGER) AS id4,
  CAST(hash(range, 5) % 100 + 1 AS INTEGER) AS id5,
  CAST(hash(range, 6) % ($rows // 100) + 1 AS INTEGER) AS id6,
  CAST(hash(range, 7) % 5 + 1 AS INTEGER) AS v1,
  CAST(hash(range, 8) % 15 + 1 AS INTEGER) AS v2,
  round(CAST(hash(range, 9) % 100000000 AS DOUBLE) / 1000000, 6) AS v3
FROM range($rows)
