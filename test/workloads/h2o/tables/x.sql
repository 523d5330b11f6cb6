-- The left table of h2o.ai's join benchmark: $rows rows. Keys of three sizes, as numbers and as texts; nine in ten of them
-- are in the other tables.
SELECT
  CAST(hash(range, 1) % ($rows // 1000000 + 1) + 1 AS INTEGER) AS id1,
  CAST(hash(range, 2) % ($rows // 1000) + 1 AS INTEGER) AS id2,
  CAST(hash(range, 3) % $rows + 1 AS INTEGER) AS id3,
  'id' || CAST(hash(range, 1) % ($rows // 1000000 + 1) + 1 AS VARCHAR) AS id4,
  'id' || CAST(hash(range, 2) % ($rows // 1000) + 1 AS VARCHAR) AS id5,
  'id' || CAST(hash(range, 3) % $rows + 1 AS VARCHAR) AS id6,
  round(CAST(hash(range, 4) % 100000000 AS DOUBLE) / 1000000, 6) AS v1
FROM range($rows)
