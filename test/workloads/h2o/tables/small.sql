-- A millionth of the rows.
SELECT
  CAST(range + 1 + ($rows // 1000000 + 1) // 10 AS INTEGER) AS id1,
  'id' || CAST(range + 1 + ($rows // 1000000 + 1) // 10 AS VARCHAR) AS id4,
  round(CAST(hash(range, 5) % 100000000 AS DOUBLE) / 1000000, 6) AS v2
FROM range($rows // 1000000 + 1)
