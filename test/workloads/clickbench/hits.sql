-- $rows page views of July 2013 with the columns of ClickBench's table: few hot users, pages and phrases, many empty
-- texts, nothing NULL, rows in the order of counters. Values that the queries look for are in it.
WITH draws AS (
  SELECT
    range AS i,
    CAST(hash(range, 1) >> 1 AS BIGINT) AS r1,
    CAST(hash(range, 2) >> 1 AS BIGINT) AS r2,
    CAST(hash(range, 3) >> 1 AS BIGINT) AS r3,
    CAST(hash(range, 4) >> 1 AS BIGINT) AS r4,
    CAST(hash(range, 5) >> 1 AS BIGINT) AS r5
  FROM range($rows)
),
-- Numbers of the things that a view is about: powers of evenly drawn shares make low numbers frequent.
visits AS (
  SELECT
    *,
    CAST(floor(power(i / $rows, 4) * 6000) AS INTEGER) AS counter,
    CAST(floor(power(r1 % 1000003 / 1000003, 3) * $rows / 6) AS BIGINT) AS visitor,
    CAST(floor(power(r2 % 1000003 / 1000003, 4) * $rows / 5) AS BIGINT) AS page,
    CAST(floor(power(r3 % 1000003 / 1000003, 4) * $rows / 5) AS BIGINT) AS origin,
    CAST(floor(power(r4 % 1000003 / 1000003, 3) * $rows / 10) AS BIGINT) AS phrase,
    r5 % 2678400 AS second
  FROM draws
),
views AS (
  SELECT
    *,
    CAST(hash(visitor, 6) >> 1 AS BIGINT) AS v,
    CAST(hash(page, 7) >> 1 AS BIGINT) AS p,
    CAST(hash(origin, 7) >> 1 AS BIGINT) AS o,
    -- One view in eight comes from a search, one in forty by an advertisement, one in twelve from a telephone.
    r1 // 1000003 % 8 = 0 AS searched,
    r2 // 1000003 % 40 = 0 AS advertised,
    hash(visitor, 8) % 12 = 0 AS mobile
  FROM visits
),
texts AS (
  SELECT
    *,
    [
      'example.ru', 'news.example.com', 'www.google.ru', 'shop.example.net', 'auto.example.ru', 'video.example.com',
      'forum.example.org', 'maps.google.com', 'foto.example.ru', 'www.example.com', 'afisha.example.ru', 'example.kz'
    ] AS hosts,
    [
      'Новости', 'погода', 'купить', 'google', 'карта', 'Google Maps', 'расписание', 'video', 'кино', 'работа', 'скачать',
      'бесплатно', 'igri', 'форум', 'недвижимость', 'авто', 'sport', 'рецепты', 'книги', 'музыка'
    ] AS words
  FROM views
),
addresses AS (
  SELECT
    *,
    CASE
      WHEN page % 250 = 249 THEN ''
      ELSE CASE WHEN p % 9 = 0 THEN 'https://' ELSE 'http://' END || hosts[1 + p // 9 % 12] || '/'
        || ['news', 'catalog', 'search', 'yandsearch', 'users', 'films'][1 + p // 108 % 6] || '/' || page
        || CASE WHEN p % 3 = 0 THEN '' ELSE '?from=google&id=' || p % 100000 || repeat('&opt=1', p % 11) END
    END AS url,
    CASE
      WHEN r3 // 1000003 % 5 = 0 THEN ''
      ELSE CASE WHEN o % 4 = 0 THEN 'http://www.' ELSE 'http://' END || hosts[1 + o // 9 % 12] || '/'
        || ['link', 'search', 'index.html'][1 + o // 108 % 3] || '?text=' || origin
    END AS referer,
    CASE
      WHEN page % 7 = 6 THEN ''
      ELSE words[1 + p // 11 % 20] || ' ' || words[1 + p // 220 % 20] || ' — ' || page % 5000
        || CASE WHEN p % 50 = 0 THEN ' | Google' ELSE '' END
    END AS title,
    CASE
      WHEN searched THEN words[1 + phrase % 20] || ' ' || words[1 + phrase // 20 % 20] || ' ' || phrase // 400
      ELSE ''
    END AS search_phrase,
    make_timestamp(1372636800000000 + second * 1000000) AS event_time
  FROM texts
)
SELECT
  r1 AS WatchID,
  CAST(v % 10 <> 0 AS SMALLINT) AS JavaEnable,
  title AS Title,
  CAST(1 AS SMALLINT) AS GoodEvent,
  event_time AS EventTime,
  CAST(event_time AS DATE) AS EventDate,
  CAST(CASE counter WHEN 0 THEN 62 ELSE 1000 + counter * 37 END AS INTEGER) AS CounterID,
  CAST(CAST(hash(visitor, 9) % 4294967296 AS BIGINT) - 2147483648 AS INTEGER) AS ClientIP,
  CAST(CASE WHEN v % 3 = 0 THEN 229 ELSE floor(power(v % 10007 / 10007, 3) * 5000) END AS INTEGER) AS RegionID,
  CASE visitor WHEN 7 THEN 435090932899640449 ELSE v END AS UserID,
  CAST(counter % 3 - 1 AS SMALLINT) AS CounterClass,
  CAST(CASE WHEN mobile THEN 100 + v % 5 ELSE [2, 44, 44, 44, 56][1 + v % 5] END AS SMALLINT) AS OS,
  CAST([2, 3, 5, 7, 7, 82][1 + v % 6] AS SMALLINT) AS UserAgent,
  url AS URL,
  referer AS Referer,
  CAST(r1 % 7 = 0 AS SMALLINT) AS IsRefresh,
  CAST(CASE WHEN o % 2 = 0 THEN 0 ELSE o % 19000 END AS SMALLINT) AS RefererCategoryID,
  CAST(o % 500 AS INTEGER) AS RefererRegionID,
  CAST(CASE WHEN p % 2 = 0 THEN 0 ELSE p % 19000 END AS SMALLINT) AS URLCategoryID,
  CAST(p % 500 AS INTEGER) AS URLRegionID,
  CAST(CASE WHEN mobile THEN 320 ELSE [1024, 1280, 1366, 1366, 1440, 1600, 1638, 1920][1 + v % 8] END AS SMALLINT)
    AS ResolutionWidth,
  CAST([768, 800, 768, 900, 1024, 1080][1 + v % 6] AS SMALLINT) AS ResolutionHeight,
  CAST([23, 24, 32][1 + v % 3] AS SMALLINT) AS ResolutionDepth,
  CAST(v % 13 AS SMALLINT) AS FlashMajor,
  CAST(v % 4 AS SMALLINT) AS FlashMinor,
  ['', '700', '700.224', '800'][1 + v % 4] AS FlashMinor2,
  CAST(0 AS SMALLINT) AS NetMajor,
  CAST(v % 2 AS SMALLINT) AS NetMinor,
  CAST(v % 30 AS SMALLINT) AS UserAgentMajor,
  ['D', '0', 'Dá', '5', ''][1 + v % 5] AS UserAgentMinor,
  CAST(v % 50 <> 0 AS SMALLINT) AS CookieEnable,
  CAST(v % 100 <> 0 AS SMALLINT) AS JavascriptEnable,
  CAST(mobile AS SMALLINT) AS IsMobile,
  CAST(CASE WHEN mobile THEN 1 + v % 90 ELSE 0 END AS SMALLINT) AS MobilePhone,
  CASE WHEN mobile THEN ['iPad', 'iPad', 'iPhone', '', 'A500', 'N8-00', 'GT-I9300'][1 + v % 7] ELSE '' END
    AS MobilePhoneModel,
  CASE WHEN r4 % 100 = 0 THEN '{"id":"' || r4 % 1000 || '"}' ELSE '' END AS Params,
  CAST(v % 4000000 AS INTEGER) AS IPNetworkID,
  CAST(CASE WHEN searched THEN 2 ELSE [-1, -1, 0, 1, 3, 6, 6][1 + r3 % 7] END AS SMALLINT) AS TraficSourceID,
  CAST(CASE WHEN searched THEN [2, 2, 2, 3, 3, 13, 95][1 + r4 // 7 % 7] ELSE 0 END AS SMALLINT) AS SearchEngineID,
  search_phrase AS SearchPhrase,
  CAST(CASE WHEN advertised THEN [2, 2, 2, 13, 27, 30, 61][1 + r2 // 11 % 7] ELSE 0 END AS SMALLINT) AS AdvEngineID,
  CAST(0 AS SMALLINT) AS IsArtifical,
  CAST(CASE WHEN mobile THEN 320 ELSE 900 + v % 1000 END AS SMALLINT) AS WindowClientWidth,
  CAST(500 + v % 600 AS SMALLINT) AS WindowClientHeight,
  CAST([-1, 135, 135, 135, 7][1 + v % 5] AS SMALLINT) AS ClientTimeZone,
  make_timestamp(1372636800000000 + (second + r4 % 7200 - 3600) * 1000000) AS ClientEventTime,
  CAST(CASE WHEN v % 4 = 0 THEN 0 ELSE 5 END AS SMALLINT) AS SilverlightVersion1,
  CAST(CASE WHEN v % 4 = 0 THEN 0 ELSE 1 END AS SMALLINT) AS SilverlightVersion2,
  CAST(CASE WHEN v % 4 = 0 THEN 0 ELSE 20125 END AS INTEGER) AS SilverlightVersion3,
  CAST(0 AS SMALLINT) AS SilverlightVersion4,
  ['windows', 'utf-8', 'windows', 'koi8-r'][1 + counter % 4] AS PageCharset,
  CAST(291 + counter % 5 AS INTEGER) AS CodeVersion,
  CAST(r2 % 15 = 0 AS SMALLINT) AS IsLink,
  CAST(r2 % 200 = 1 AS SMALLINT) AS IsDownload,
  CAST(r2 % 3 = 0 AS SMALLINT) AS IsNotBounce,
  CASE WHEN v % 3 = 0 THEN 0 ELSE v END AS FUniqID,
  CASE WHEN r3 % 9 = 0 THEN url ELSE '' END AS OriginalURL,
  CAST(r3 % 1073741824 AS INTEGER) AS HID,
  CAST(0 AS SMALLINT) AS IsOldCounter,
  CAST(r4 % 100 = 0 AS SMALLINT) AS IsEvent,
  CAST(r4 % 100 = 0 AS SMALLINT) AS IsParameter,
  CAST(r4 % 12 = 5 AS SMALLINT) AS DontCountHits,
  CAST(r4 % 8 = 1 AS SMALLINT) AS WithHash,
  ['5', 'S', 'T', 'g', 'D'][1 + r5 % 5] AS HitColor,
  make_timestamp(1372636800000000 + (second + 14400) * 1000000) AS LocalEventTime,
  CAST(CASE WHEN v % 2 = 0 THEN 0 ELSE 16 + v % 40 END AS SMALLINT) AS Age,
  CAST(v % 3 AS SMALLINT) AS Sex,
  CAST(v % 4 AS SMALLINT) AS Income,
  CAST(CASE WHEN v % 2 = 0 THEN 0 ELSE v % 16384 END AS SMALLINT) AS Interests,
  CAST(v % 60 AS SMALLINT) AS Robotness,
  CAST(CAST(hash(visitor, 10) % 4294967296 AS BIGINT) - 2147483648 AS INTEGER) AS RemoteIP,
  CAST(CASE WHEN r5 % 3 = 0 THEN -1 ELSE r5 % 100000 END AS INTEGER) AS WindowName,
  CAST(CASE WHEN r5 % 5 = 0 THEN r5 % 100000 ELSE -1 END AS INTEGER) AS OpenerName,
  CAST(r5 % 50 - 1 AS SMALLINT) AS HistoryLength,
  ['S0', 'S0', 'S0', 'ru', 'en', 'uk'][1 + v % 6] AS BrowserLanguage,
  ['h1', 'h1', 'RU', 'UA', ''][1 + v % 5] AS BrowserCountry,
  CASE WHEN r1 % 1000 = 3 THEN 'vkontakte' ELSE '' END AS SocialNetwork,
  CASE WHEN r1 % 1000 = 3 THEN 'like' ELSE '' END AS SocialAction,
  CAST(CASE WHEN r1 % 500 = 1 THEN 404 ELSE 0 END AS SMALLINT) AS HTTPError,
  CAST(CASE WHEN r1 % 2 = 0 THEN 0 ELSE r1 // 10 % 30000 END AS INTEGER) AS SendTiming,
  CAST(CASE WHEN r1 % 2 = 0 THEN 0 ELSE r1 // 20 % 3000 END AS INTEGER) AS DNSTiming,
  CAST(CASE WHEN r1 % 2 = 0 THEN 0 ELSE r1 // 30 % 3000 END AS INTEGER) AS ConnectTiming,
  CAST(CASE WHEN r1 % 2 = 0 THEN 0 ELSE r1 // 40 % 10000 END AS INTEGER) AS ResponseStartTiming,
  CAST(CASE WHEN r1 % 2 = 0 THEN 0 ELSE r1 // 50 % 10000 END AS INTEGER) AS ResponseEndTiming,
  CAST(CASE WHEN r1 % 2 = 0 THEN 0 ELSE r1 // 60 % 10000 END AS INTEGER) AS FetchTiming,
  CAST(CASE WHEN r2 % 300 = 0 THEN 1 + r2 % 5 ELSE 0 END AS SMALLINT) AS SocialSourceNetworkID,
  CASE WHEN r2 % 300 = 0 THEN 'http://vk.example.com/id' || visitor ELSE '' END AS SocialSourcePage,
  CASE WHEN r3 % 400 = 0 THEN r3 % 100000 ELSE 0 END AS ParamPrice,
  CASE WHEN r3 % 400 = 0 THEN 'order-' || r3 % 9999 ELSE '' END AS ParamOrderID,
  CASE WHEN r3 % 400 = 0 THEN 'RUB' ELSE 'NH' || chr(28) END AS ParamCurrency,
  CAST(CASE WHEN r3 % 400 = 0 THEN 643 ELSE 0 END AS SMALLINT) AS ParamCurrencyID,
  CASE WHEN r4 % 350 = 0 THEN 'direct.example.ru' ELSE '' END AS OpenstatServiceName,
  CASE WHEN r4 % 350 = 0 THEN CAST(r4 % 7777 AS VARCHAR) ELSE '' END AS OpenstatCampaignID,
  CASE WHEN r4 % 350 = 0 THEN CAST(r4 % 77777 AS VARCHAR) ELSE '' END AS OpenstatAdID,
  CASE WHEN r4 % 350 = 0 THEN 'example.ru:premium' ELSE '' END AS OpenstatSourceID,
  CASE WHEN r5 % 150 = 0 THEN ['yandex', 'google', 'mail'][1 + r5 // 150 % 3] ELSE '' END AS UTMSource,
  CASE WHEN r5 % 150 = 0 THEN ['cpc', 'cpm'][1 + r5 // 150 % 2] ELSE '' END AS UTMMedium,
  CASE WHEN r5 % 150 = 0 THEN 'campaign-' || r5 % 600 ELSE '' END AS UTMCampaign,
  CASE WHEN r5 % 300 = 0 THEN 'content-' || r5 % 600 ELSE '' END AS UTMContent,
  CASE WHEN r5 % 300 = 0 THEN words[1 + r5 // 300 % 20] ELSE '' END AS UTMTerm,
  CASE WHEN r5 % 90 = 0 THEN 'hp' ELSE '' END AS FromTag,
  CAST(r5 % 700 = 0 AS SMALLINT) AS HasGCLID,
  CASE origin WHEN 0 THEN 3594120000172545465 ELSE o END AS RefererHash,
  CASE page WHEN 0 THEN 2868770270353813622 ELSE p END AS URLHash,
  CAST(0 AS INTEGER) AS CLID
FROM addresses
