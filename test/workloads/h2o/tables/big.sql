-- As many rows as the left table, by keys that each come once, in no order.
SELECT
  CAST(hash(key, 8) % ($rows // 1000000 + 1) + 1 AS INTEGER) AS id1,
  CAST(hash(key, 9) % ($rows // 1000) + 1 AS INTEGER) AS id2,
  CAST(key + 1 + $rows // 10 AS INTEGER) AS id3,
  'id' || CAST(hash(key, 8) % ($rows // 1000000 + 1) + 1 AS VARCHAR) AS id4,
  'id' || CAST(hash(key, 9) % ($rows // 1000) + 1 AS VARCHAR) AS id5,
  'id' || CAST(key + 1 + $rows // 10 AS VARCHAR) AS id6,
  round(CAST(hash(key, 10) % 100000000 AS DOUBLE) / 1000000, 6) AS v2
FROM (SELECT range * 7919 % $rows AS key FROM range($rows))
