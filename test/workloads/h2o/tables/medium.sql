-- A thousandth of the rows.
SELECT
  CAST(hash(range, 6) % ($rows // 1000000 + 1) + 1 AS INTEGER) AS id1,
  CAST(range + 1 + $rows // 10000 AS INTEGER) AS id2,
  'id' || CAST(hash(range, 6) % ($rows // 1000000 + 1) + 1 AS VARCHAR) AS id4,
  'id' || CAST(range + 1 + $rows // 10000 AS VARCHAR) AS id5,
  round(CAST(hash(range, 7) % 100000000 AS DOUBLE) / 1000000, 6) AS v2
FROM range($rows // 1000)
