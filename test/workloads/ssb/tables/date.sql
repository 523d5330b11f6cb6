-- The days of seven years.
SELECT
  CAST(strftime(d, '%Y%m%d') AS INTEGER) AS d_datekey,
  strftime(d, '%B ') || day(d) || strftime(d, ', %Y') AS d_date,
  dayname(d) AS d_dayofweek,
  monthname(d) AS d_month,
  CAST(year(d) AS INTEGER) AS d_year,
  CAST(strftime(d, '%Y%m') AS INTEGER) AS d_yearmonthnum,
  strftime(d, '%b%Y') AS d_yearmonth,
  CAST(1 + dayofweek(d) AS INTEGER) AS d_daynuminweek,
  CAST(day(d) AS INTEGER) AS d_daynuminmonth,
  CAST(dayofyear(d) AS INTEGER) AS d_daynuminyear,
  CAST(month(d) AS INTEGER) AS d_monthnuminyear,
  CAST(1 + (dayofyear(d) - 1) // 7 AS INTEGER) AS d_weeknuminyear,
  CASE
    WHEN month(d) = 12 THEN 'Christmas'
    WHEN month(d) IN (1, 2) THEN 'Winter'
    WHEN month(d) <= 5 THEN 'Spring'
    WHEN month(d) <= 8 THEN 'Summer'
    ELSE 'Fall'
  END AS d_sellingseason,
  CAST(dayofweek(d) = 6 AS INTEGER) AS d_lastdayinweekfl,
  CAST(d = last_day(d) AS INTEGER) AS d_lastdayinmonthfl,
  CAST(strftime(d, '%m%d') IN ('0101', '0214', '0704', '1225') AS INTEGER) AS d_holidayfl,
  CAST(dayofweek(d) BETWEEN 1 AND 5 AS INTEGER) AS d_weekdayfl
FROM (
  SELECT CAST(t AS DATE) AS d
  FROM generate_series(TIMESTAMP '1992-01-01', TIMESTAMP '1998-12-31', INTERVAL 1 DAY) days(t)
)
ORDER BY 1
