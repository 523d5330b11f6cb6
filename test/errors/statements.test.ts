import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Database, type RayexecError } from '../../frontends/index.ts';

/** Erroneous statements, the code of their error, and its message: what, where, and what to do about it. */
const statements: readonly (readonly [sql: string, code: string, message: string])[] = [
  [
    'select',
    'parse',
    `syntax error: expected an expression, found the end of the text
line 1:7: select
                ^`,
  ],
  [
    'selec 1',
    'parse',
    `syntax error: expected a statement, such as SELECT, CREATE or INSERT, found 'selec'
line 1:1: selec 1
          ^^^^^
hint: did you mean SELECT instead of 'selec'?`,
  ],
  [
    'select 1 +',
    'parse',
    `syntax error: expected an expression, found the end of the text
line 1:11: select 1 +
                     ^`,
  ],
  [
    'select * form t',
    'parse',
    `syntax error: expected ',' or FROM, found 'form'
line 1:10: select * form t
                    ^^^^
hint: * are many columns: they take no alias`,
  ],
  [
    'select a, from t where',
    'parse',
    `syntax error: expected an expression, found the end of the text
line 1:23: select a, from t where
                                 ^`,
  ],
  [
    "select 'abc from t",
    'parse',
    `syntax error: a string that starts here has no end
line 1:8: select 'abc from t
                 ^
hint: close it with '`,
  ],
  [
    'select "a from t',
    'parse',
    `syntax error: a quoted name that starts here has no end
line 1:8: select "a from t
                 ^
hint: close it with "`,
  ],
  [
    'select (1 + 2 from t',
    'parse',
    `syntax error: expected ')' or ',', found keyword FROM
line 1:15: select (1 + 2 from t
                         ^^^^
hint: '(' at line 1, column 8 is never closed`,
  ],
  [
    'select case when true then 1',
    'parse',
    `syntax error: expected WHEN, ELSE or END, found the end of the text
line 1:29: select case when true then 1
                                       ^
hint: CASE … is closed by END`,
  ],
  [
    'select * from t where a = = 1',
    'parse',
    `syntax error: expected an expression, found '='
line 1:27: select * from t where a = = 1
                                     ^
hint: equality is = or ==`,
  ],
  [
    'select * from t group a',
    'parse',
    `syntax error: expected the end of the statement, found keyword GROUP
line 1:17: select * from t group a
                           ^^^^^
hint: GROUP is followed by BY`,
  ],
  [
    'select 1 limit',
    'parse',
    `syntax error: expected an expression, found the end of the text
line 1:15: select 1 limit
                         ^`,
  ],
  [
    'create tabel x (a int)',
    'parse',
    `syntax error: expected TABLE, VIEW, SCHEMA, TYPE, MACRO, SEQUENCE or INDEX, found 'tabel'
line 1:8: create tabel x (a int)
                 ^^^^^
hint: did you mean TABLE instead of 'tabel'?`,
  ],
  [
    'select * from t join u',
    'parse',
    `syntax error: expected ON or USING, found the end of the text
line 1:23: select * from t join u
                                 ^
hint: a join without a condition is a CROSS JOIN`,
  ],
  [
    'insert t values (1)',
    'parse',
    `syntax error: expected INTO, found 't'
line 1:8: insert t values (1)
                 ^`,
  ],
  [
    'select 1;; select 2 3',
    'parse',
    `syntax error: expected the end of the statement, found the number 3
line 1:21: select 1;; select 2 3
                               ^
hint: a comma or an operator may be missing before it`,
  ],
  [
    'values (1), (1, 2)',
    'parse',
    `syntax error: row 2 of VALUES has 2 values, the first has 1 value
line 1:14: values (1), (1, 2)
                        ^
hint: all rows need as many values; NULL stands for one that is missing`,
  ],
  [
    'select b.a from t',
    'bind',
    `Cannot extract field "a" from a value of type BIGINT: it is no struct
line 1:8: select b.a from t
                 ^^^`,
  ],
  [
    'select aa from t',
    'bind',
    `Referenced column "aa" not found in FROM clause!
line 1:8: select aa from t
                 ^^
hint: columns here: a, b, s, d`,
  ],
  [
    'select T.nope from t',
    'bind',
    `Table "t" does not have a column named "nope"
line 1:8: select T.nope from t
                 ^^^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'select "A b" from t',
    'bind',
    `Referenced column "A b" not found in FROM clause!
line 1:8: select "A b" from t
                 ^^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'select * from tt',
    'catalog',
    `Table with name tt does not exist!
line 1:15: select * from tt
                         ^^
hint: did you mean 't'?`,
  ],
  [
    'select * from main.tt',
    'catalog',
    `Table with name main.tt does not exist!
line 1:15: select * from main.tt
                         ^^^^^^^
hint: did you mean 't'?`,
  ],
  [
    'select * from nowhere.t',
    'catalog',
    `Table with name nowhere.t does not exist!
line 1:15: select * from nowhere.t
                         ^^^^^^^^^
hint: did you mean 't'?`,
  ],
  [
    'select x.* from t',
    'bind',
    `Referenced table "x" not found!
line 1:8: select x.* from t
                 ^^^
hint: tables here: t`,
  ],
  [
    'select a from t, u',
    'bind',
    `Ambiguous reference to column name "a" (use: 't.a' or 'u.a')
line 1:8: select a from t, u
                 ^
hint: say whose: t.a`,
  ],
  [
    'select a as x, x + nope from t',
    'bind',
    `Referenced column "nope" not found in FROM clause!
line 1:20: select a as x, x + nope from t
                              ^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'select uper(s) from t',
    'bind',
    `there is no function uper(VARCHAR)
line 1:8: select uper(s) from t
                 ^^^^^^^
hint: did you mean 'upper'?`,
  ],
  [
    'select upper(1, 2) from t',
    'bind',
    `no function matches upper(INTEGER, INTEGER)
line 1:8: select upper(1, 2) from t
                 ^^^^^^^^^^^
hint: candidates are upper(VARCHAR) -> VARCHAR`,
  ],
  [
    'select upper() from t',
    'bind',
    `no function matches upper()
line 1:8: select upper() from t
                 ^^^^^^^
hint: candidates are upper(VARCHAR) -> VARCHAR`,
  ],
  [
    'select sum(*) from t',
    'bind',
    `no function matches sum()
line 1:8: select sum(*) from t
                 ^^^^^^
hint: candidates are sum(HUGEINT) -> HUGEINT; sum(DECIMAL) -> DECIMAL; sum(DOUBLE) -> DOUBLE`,
  ],
  [
    'select sum(s) from t',
    'bind',
    `no function matches sum(VARCHAR)
line 1:8: select sum(s) from t
                 ^^^^^^
hint: candidates are sum(HUGEINT) -> HUGEINT; sum(DECIMAL) -> DECIMAL; sum(DOUBLE) -> DOUBLE`,
  ],
  [
    'select a + s from t',
    'bind',
    `no function matches INTEGER + VARCHAR
line 1:8: select a + s from t
                 ^^^^^
hint: candidates are +(INTEGER, INTEGER) -> INTEGER; +(INTEGER, DATE) -> DATE; +(TINYINT, TINYINT) -> TINYINT; +(SMALLINT, SMALLINT) -> SMALLINT; +(BIGINT, BIGINT) -> BIGINT; +(HUGEINT, HUGEINT) -> HUGEINT; +(UTINYINT, UTINYINT) -> UTINYINT; +(USMALLINT, USMALLINT) -> USMALLINT; and 26 more`,
  ],
  [
    'select d + 1.5 from t',
    'bind',
    `no function matches DATE + DECIMAL(2,1)
line 1:8: select d + 1.5 from t
                 ^^^^^^^
hint: candidates are +(DATE, INTEGER) -> DATE; +(DATE, INTERVAL) -> TIMESTAMP; +(DATE, TIME) -> TIMESTAMP; +(DATE, TIME WITH TIME ZONE) -> TIMESTAMP WITH TIME ZONE; +(TINYINT, TINYINT) -> TINYINT; +(SMALLINT, SMALLINT) -> SMALLINT; +(INTEGER, INTEGER) -> INTEGER; +(BIGINT, BIGINT) -> BIGINT; and 26 more`,
  ],
  [
    'select not s from t',
    'conversion',
    `'x' can't be read as BOOLEAN
line 1:12: select not s from t
                      ^
hint: booleans are written true or false; TRY_CAST gives NULL instead`,
  ],
  [
    'select * from t where s like 1',
    'bind',
    `no function matches like(VARCHAR, INTEGER)
line 1:23: select * from t where s like 1
                                 ^^^^^^^^
hint: candidates are like(VARCHAR, VARCHAR) -> BOOLEAN; like(VARCHAR, VARCHAR, VARCHAR) -> BOOLEAN`,
  ],
  [
    'select a = s from t',
    'conversion',
    `'x' can't be read as INTEGER
line 1:12: select a = s from t
                      ^
hint: INTEGER holds -2147483648 to 2147483647; TRY_CAST gives NULL instead`,
  ],
  [
    'select a, count(*) from t',
    'bind',
    `column "a" must appear in the GROUP BY clause or must be part of an aggregate function.
line 1:8: select a, count(*) from t
                 ^
hint: either add it to the GROUP BY list, or use any_value("a") if the exact value of "a" is not important`,
  ],
  [
    'select a, sum(b) from t group by s',
    'bind',
    `column "a" must appear in the GROUP BY clause or must be part of an aggregate function.
line 1:8: select a, sum(b) from t group by s
                 ^
hint: either add it to the GROUP BY list, or use any_value("a") if the exact value of "a" is not important`,
  ],
  [
    'select * from t where sum(a) > 1',
    'bind',
    `WHERE clause cannot contain aggregates!
line 1:23: select * from t where sum(a) > 1
                                 ^^^^^^
hint: conditions on aggregates go into HAVING`,
  ],
  [
    'select sum(sum(a)) from t',
    'bind',
    `aggregate function calls cannot be nested
line 1:12: select sum(sum(a)) from t
                      ^^^^^^`,
  ],
  [
    'select a from t having b > 1',
    'bind',
    `column "b" must appear in the GROUP BY clause or must be part of an aggregate function.
line 1:24: select a from t having b > 1
                                  ^
hint: either add it to the GROUP BY list, or use any_value("b") if the exact value of "b" is not important`,
  ],
  [
    'select a from t group by 3',
    'bind',
    `GROUP BY term out of range - should be between 1 and 1
line 1:26: select a from t group by 3
                                    ^`,
  ],
  [
    'select a from t order by 2',
    'bind',
    `ORDER term out of range - should be between 1 and 1
line 1:26: select a from t order by 2
                                    ^`,
  ],
  [
    'select a from t union select a, b from t',
    'bind',
    `Set operations can only apply to expressions with the same number of result columns: 1 on the left of UNION, 2 on the right
line 1:23: select a from t union select a, b from t
                                 ^^^^^^^^^^^^^^^^^^
hint: select as many on both sides, or go by names: UNION BY NAME`,
  ],
  [
    'select a from t union select d from t',
    'bind',
    `Cannot combine types of INTEGER and DATE in column "a" of UNION
line 1:1: select a from t union select d from t
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: an explicit cast is required`,
  ],
  [
    'select (select a, b from t)',
    'bind',
    `Subquery returns 2 columns - expected 1
line 1:9: select (select a, b from t)
                  ^^^^^^^^^^^^^^^^^^
hint: select one column, or several as a row: (a, b)`,
  ],
  [
    'select (select a from t)',
    'invalid-argument',
    `more than one row returned by a subquery used as an expression
line 1:9: select (select a from t)
                  ^^^^^^^^^^^^^^^
hint: add LIMIT 1, or an aggregate such as max(...)`,
  ],
  [
    'select a in (select a, b from t) from t',
    'bind',
    `Subquery returns 2 columns - expected 1
line 1:14: select a in (select a, b from t) from t
                        ^^^^^^^^^^^^^^^^^^
hint: select one column, or several as a row: (a, b)`,
  ],
  [
    'select 2147483647::integer + 1::integer',
    'overflow',
    `integer overflow: 2147483647 + 1 does not fit INTEGER
line 1:8: select 2147483647::integer + 1::integer
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: cast an operand to BIGINT`,
  ],
  [
    'select 9223372036854775807 * 2',
    'overflow',
    `integer overflow: 9223372036854775807 * 2 does not fit BIGINT
line 1:8: select 9223372036854775807 * 2
                 ^^^^^^^^^^^^^^^^^^^^^^^
hint: cast an operand to HUGEINT`,
  ],
  [
    "select 'abc'::integer",
    'conversion',
    `'abc' can't be read as INTEGER
line 1:8: select 'abc'::integer
                 ^^^^^
hint: INTEGER holds -2147483648 to 2147483647; TRY_CAST gives NULL instead`,
  ],
  [
    'select 300::tinyint',
    'conversion',
    `300 does not fit TINYINT
line 1:8: select 300::tinyint
                 ^^^
hint: TINYINT holds -128 to 127; TRY_CAST gives NULL instead`,
  ],
  [
    "select date '2023-02-30'",
    'conversion',
    `'2023-02-30' can't be read as DATE
line 1:8: select date '2023-02-30'
                 ^^^^^^^^^^^^^^^^^
hint: dates are written YYYY-MM-DD; TRY_CAST gives NULL instead`,
  ],
  [
    "select cast('nope' as date)",
    'conversion',
    `'nope' can't be read as DATE
line 1:13: select cast('nope' as date)
                       ^^^^^^
hint: dates are written YYYY-MM-DD; TRY_CAST gives NULL instead`,
  ],
  [
    "select 'x'::nope",
    'bind',
    `Type with name nope does not exist!
line 1:13: select 'x'::nope
                       ^^^^`,
  ],
  [
    'select a::integer[] from t',
    'bind',
    `INTEGER can't be cast to INTEGER[]
line 1:8: select a::integer[] from t
                 ^`,
  ],
  [
    "select interval '3 parsecs'",
    'conversion',
    `'3 parsecs' can't be read as INTERVAL
line 1:8: select interval '3 parsecs'
                 ^^^^^^^^^^^^^^^^^^^^
hint: TRY_CAST gives NULL instead`,
  ],
  [
    'select 99999999.99::decimal(4, 2)',
    'conversion',
    `99999999.99 does not fit DECIMAL(4,2)
line 1:8: select 99999999.99::decimal(4, 2)
                 ^^^^^^^^^^^
hint: TRY_CAST gives NULL instead`,
  ],
  [
    "select timestamp 'noon'",
    'conversion',
    `'noon' can't be read as TIMESTAMP
line 1:8: select timestamp 'noon'
                 ^^^^^^^^^^^^^^^^
hint: timestamps are written YYYY-MM-DD HH:MM:SS[.ffffff]; TRY_CAST gives NULL instead`,
  ],
  [
    'create table t (a integer)',
    'catalog',
    `Table with name "t" already exists!
line 1:14: create table t (a integer)
                        ^
hint: CREATE OR REPLACE TABLE replaces it`,
  ],
  [
    'create table x (a integer, a text)',
    'bind',
    `Column with name a already exists!
line 1:14: create table x (a integer, a text)
                        ^
hint: names of columns differ by more than their case`,
  ],
  [
    'create table x (a integr)',
    'bind',
    `Type with name integr does not exist!
line 1:19: create table x (a integr)
                             ^^^^^^`,
  ],
  [
    'drop table nope',
    'catalog',
    `Table with name nope does not exist!
line 1:12: drop table nope
                      ^^^^
hint: tables here: t, u, nn`,
  ],
  [
    'drop view t',
    'catalog',
    `Existing object t is of type table, not view
line 1:11: drop view t
                     ^
hint: DROP TABLE t`,
  ],
  [
    'create view v as select nope from t',
    'bind',
    `Referenced column "nope" not found in FROM clause!
line 1:25: create view v as select nope from t
                                   ^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'insert into t values (1, 2)',
    'bind',
    `table t has 4 columns but 2 values were supplied
line 1:15: insert into t values (1, 2)
                         ^^^^^^^^^^^^^
hint: name the columns that they are for: INSERT INTO t (a, b)`,
  ],
  [
    'insert into t (a, nope) values (1, 2)',
    'bind',
    `Table "t" does not have a column with name "nope"
line 1:13: insert into t (a, nope) values (1, 2)
                       ^
hint: columns here: a, b, s, d`,
  ],
  [
    'insert into t (a, a) values (1, 2)',
    'bind',
    `Column "a" is named twice
line 1:13: insert into t (a, a) values (1, 2)
                       ^`,
  ],
  [
    'insert into nn values (null, 1)',
    'constraint',
    `NOT NULL constraint failed: nn.a
line 1:13: insert into nn values (null, 1)
                       ^^
hint: every row needs a value of a`,
  ],
  [
    "insert into t (a) values ('x')",
    'conversion',
    `'x' can't be read as INTEGER
line 1:27: insert into t (a) values ('x')
                                     ^^^
hint: INTEGER holds -2147483648 to 2147483647; TRY_CAST gives NULL instead`,
  ],
  [
    'set treads = 4',
    'settings',
    `there is no setting 'treads'
hint: did you mean 'threads'?`,
  ],
  [
    "set threads = 'many'",
    'settings',
    `setting 'threads' takes a number of threads up to 256, or 0 for the calling thread, not 'many'`,
  ],
  ['set batch_size = 0', 'settings', `setting 'batch_size' takes a number of rows from 1 to 65536, not '0'`],
  [
    "select * from read_parquet('nowhere.parquet')",
    'io',
    `there is no file 'nowhere.parquet'
line 1:15: select * from read_parquet('nowhere.parquet')
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: paths start at the working directory`,
  ],
  [
    "select * from read_csv('nowhere/*.csv')",
    'io',
    `no files match 'nowhere/*.csv'
line 1:15: select * from read_csv('nowhere/*.csv')
                         ^^^^^^^^^^^^^^^^^^^^^^^^^`,
  ],
  [
    "select * from 'nowhere.csv'",
    'io',
    `there is no file 'nowhere.csv'
line 1:15: select * from 'nowhere.csv'
                         ^^^^^^^^^^^^^
hint: paths start at the working directory`,
  ],
  [
    'select * from read_parquet()',
    'bind',
    `read_parquet takes one path, or a list of paths; options have names
line 1:15: select * from read_parquet()
                         ^^^^^^^^^^^^^^
hint: read_parquet('data/*', option = value)`,
  ],
  [
    "select * from read_parqet('x.parquet')",
    'bind',
    `Table function with name read_parqet does not exist!
line 1:15: select * from read_parqet('x.parquet')
                         ^^^^^^^^^^^^^^^^^^^^^^^^
hint: did you mean 'read_parquet'?`,
  ],
  [
    "select * from read_csv('x.csv', delimeter = ';')",
    'bind',
    `read_csv has no option 'delimeter'
line 1:15: select * from read_csv('x.csv', delimeter = ';')
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: did you mean 'delimiter'?`,
  ],
  [
    "copy t to 'x.csv' (format nope)",
    'bind',
    `COPY knows no format "nope"
line 1:27: copy t to 'x.csv' (format nope)
                                     ^^^^
hint: formats: parquet, csv, json, arrow`,
  ],
  [
    'select $1',
    'bind',
    `No value was given for parameter $1
line 1:8: select $1
                 ^^`,
  ],
  [
    'select :name + 1',
    'parse',
    `syntax error: expected an expression, found ':'
line 1:8: select :name + 1
                 ^`,
  ],
  [
    'select * from t limit -1',
    'bind',
    `LIMIT cannot be negative
line 1:23: select * from t limit -1
                                 ^^`,
  ],
  [
    "select * from t limit 'x'",
    'bind',
    `LIMIT must be a number of rows, not 'x'
line 1:23: select * from t limit 'x'
                                 ^^^`,
  ],
  [
    'select * from t natural join nope',
    'catalog',
    `Table with name nope does not exist!
line 1:30: select * from t natural join nope
                                        ^^^^
hint: tables here: t, u, nn`,
  ],
  [
    'select * from t join u using (zz)',
    'bind',
    `Column "zz" does not exist on left side of join!
line 1:15: select * from t join u using (zz)
                         ^^^^^^^^^^^^^^^^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'select * from t join u on t.a = v.a',
    'bind',
    `Referenced table "v" not found!
line 1:33: select * from t join u on t.a = v.a
                                           ^^^
hint: tables here: t, u`,
  ],
  [
    'select * exclude (nope) from t',
    'bind',
    `Column "nope" in EXCLUDE list not found in FROM clause
line 1:8: select * exclude (nope) from t
                 ^^^^^^^^^^^^^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'select * replace (1 as nope) from t',
    'bind',
    `Column "nope" in REPLACE list not found in FROM clause
line 1:8: select * replace (1 as nope) from t
                 ^^^^^^^^^^^^^^^^^^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'with c as (select 1) select * from d',
    'catalog',
    `Table with name d does not exist!
line 1:36: with c as (select 1) select * from d
                                              ^
hint: did you mean 'c'?`,
  ],
  [
    'with c as (select 1), c as (select 2) select * from c',
    'bind',
    `Duplicate CTE name "c"
line 1:23: with c as (select 1), c as (select 2) select * from c
                                 ^^^^^^^^^^^^^^^`,
  ],
  [
    'select * from t as x(a, b, c, dd, e, f)',
    'bind',
    `table "x" has 4 columns available but 6 columns specified
line 1:15: select * from t as x(a, b, c, dd, e, f)
                         ^^^^^^^^^^^^^^^^^^^^^^^^^`,
  ],
  [
    'select a.b.c from t',
    'bind',
    `Cannot extract field "b" from a value of type INTEGER: it is no struct
line 1:8: select a.b.c from t
                 ^^^^^`,
  ],
  ['execute nope(1)', 'catalog', `there is no prepared statement 'nope'`],
  [
    'describe nope',
    'catalog',
    `Table with name nope does not exist!
line 1:10: describe nope
                    ^^^^
hint: tables here: t, u, nn`,
  ],
  [
    "select regexp_matches(s, '(') from t",
    'invalid-argument',
    `the regular expression "(" can't be used: Unterminated group
line 1:8: select regexp_matches(s, '(') from t
                 ^^^^^^^^^^^^^^^^^^^^^^`,
  ],
  [
    'select * from range(1, 2, 0)',
    'bind',
    `the step of range is 0
line 1:15: select * from range(1, 2, 0)
                         ^^^^^^^^^^^^^^`,
  ],
  [
    'from t |> where nope > 1',
    'bind',
    `Referenced column "nope" not found in FROM clause!
line 1:17: from t |> where nope > 1
                           ^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'from t |> drop nope',
    'bind',
    `Referenced column "nope" not found
line 1:1: from t |> drop nope
          ^^^^^^^^^^^^^^^^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'from t |> rename nope as x',
    'bind',
    `Referenced column "nope" not found
line 1:1: from t |> rename nope as x
          ^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'from t |> aggregate sum(nope) group by a',
    'bind',
    `Referenced column "nope" not found in FROM clause!
line 1:25: from t |> aggregate sum(nope) group by a
                                   ^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'from t |> wher a > 1',
    'parse',
    `syntax error: expected a step, such as WHERE, SELECT, EXTEND, AGGREGATE, JOIN, ORDER BY or LIMIT, found 'wher'
line 1:11: from t |> wher a > 1
                     ^^^^
hint: did you mean WHERE instead of 'wher'?`,
  ],
  [
    'select count(distinct) from t',
    'parse',
    `syntax error: expected an expression, found ')'
line 1:22: select count(distinct) from t
                                ^`,
  ],
  [
    'select a filter (where a > 1) from t',
    'parse',
    `syntax error: expected the end of the statement, found '('
line 1:17: select a filter (where a > 1) from t
                           ^
hint: did you mean ALTER instead of 'filter'?`,
  ],
  [
    'select sum(a) filter (where s) from t',
    'conversion',
    `'x' can't be read as BOOLEAN
line 1:29: select sum(a) filter (where s) from t
                                       ^
hint: booleans are written true or false; TRY_CAST gives NULL instead`,
  ],
  [
    "select substring(s from 'x') from t",
    'conversion',
    `'x' can't be read as BIGINT
line 1:25: select substring(s from 'x') from t
                                   ^^^
hint: BIGINT holds -9223372036854775808 to 9223372036854775807; TRY_CAST gives NULL instead`,
  ],
  [
    'select extract(lightyear from d) from t',
    'invalid-argument',
    `there is no date part "lightyear"
line 1:8: select extract(lightyear from d) from t
                 ^^^^^^^^^^^^^^^^^^^^^^^^^`,
  ],
  [
    "select date_trunc('lightyear', d) from t",
    'invalid-argument',
    `there is no date part "lightyear"
line 1:8: select date_trunc('lightyear', d) from t
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^`,
  ],
  [
    'select coalesce() from t',
    'bind',
    `coalesce takes at least one argument
line 1:8: select coalesce() from t
                 ^^^^^^^^^^`,
  ],
  [
    'select nullif(a) from t',
    'bind',
    `nullif takes two arguments
line 1:8: select nullif(a) from t
                 ^^^^^^^^^`,
  ],
  [
    "select case a when 'x' then 1 end from t",
    'conversion',
    `'x' can't be read as INTEGER
line 1:20: select case a when 'x' then 1 end from t
                              ^^^
hint: INTEGER holds -2147483648 to 2147483647; TRY_CAST gives NULL instead`,
  ],
  [
    'select between from t',
    'bind',
    `Referenced column "between" not found in FROM clause!
line 1:8: select between from t
                 ^^^^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'select d - s from t',
    'bind',
    `no function matches DATE - VARCHAR
line 1:8: select d - s from t
                 ^^^^^
hint: candidates are -(DATE, DATE) -> BIGINT; -(DATE, INTEGER) -> DATE; -(DATE, INTERVAL) -> TIMESTAMP; -(TINYINT, TINYINT) -> TINYINT; -(SMALLINT, SMALLINT) -> SMALLINT; -(INTEGER, INTEGER) -> INTEGER; -(BIGINT, BIGINT) -> BIGINT; -(HUGEINT, HUGEINT) -> HUGEINT; and 17 more`,
  ],
  [
    'select row_number() from t',
    'bind',
    `row_number is a window function: it needs OVER
line 1:8: select row_number() from t
                 ^^^^^^^^^^^^
hint: row_number(…) OVER (ORDER BY …)`,
  ],
  [
    'select sum(a) over () filter (where a > 1) from t',
    'parse',
    `syntax error: expected the end of the statement, found '('
line 1:30: select sum(a) over () filter (where a > 1) from t
                                        ^
hint: did you mean ALTER instead of 'filter'?`,
  ],
  [
    'update t set nope = 1',
    'bind',
    `Referenced update column nope not found in table!
line 1:8: update t set nope = 1
                 ^
hint: columns here: a, b, s, d`,
  ],
  [
    'delete from t where nope = 1',
    'bind',
    `Referenced column "nope" not found in FROM clause!
line 1:21: delete from t where nope = 1
                               ^^^^
hint: columns here: a, b, s, d`,
  ],
  [
    'select strftime(d) from t',
    'bind',
    `no function matches strftime(DATE)
line 1:8: select strftime(d) from t
                 ^^^^^^^^^^^
hint: candidates are strftime(DATE, VARCHAR) -> VARCHAR; strftime(VARCHAR, DATE) -> VARCHAR; strftime(TIMESTAMP, VARCHAR) -> VARCHAR; strftime(VARCHAR, TIMESTAMP) -> VARCHAR; strftime(TIMESTAMP WITH TIME ZONE, VARCHAR) -> VARCHAR; strftime(VARCHAR, TIMESTAMP WITH TIME ZONE) -> VARCHAR; strftime(TIMESTAMP_NS, VARCHAR) -> VARCHAR; strftime(VARCHAR, TIMESTAMP_NS) -> VARCHAR; and 2 more`,
  ],
  [
    "select [1, 'a']",
    'conversion',
    `'a' can't be read as INTEGER
line 1:12: select [1, 'a']
                      ^^^
hint: INTEGER holds -2147483648 to 2147483647; TRY_CAST gives NULL instead`,
  ],
  [
    "select {'a': 1}.b",
    'bind',
    `Could not find key "b" in struct
line 1:8: select {'a': 1}.b
                 ^^^^^^^^^^
hint: columns here: a`,
  ],
  [
    "select repeat('abc', 1000000000)",
    'invalid-argument',
    `a text of 3000000000 characters is too long
line 1:8: select repeat('abc', 1000000000)
                 ^^^^^^^^^^^^^^^^^^^^^^^^^`,
  ],
];

let db: Database;
beforeAll(async () => {
  db = connect({ threads: 0 });
  await db.execute(`
    CREATE TABLE t (a INTEGER, b BIGINT, s VARCHAR, d DATE);
    INSERT INTO t VALUES (1, 2, 'x', DATE '2024-01-01'), (2, 3, '(', DATE '2024-02-01');
    CREATE TABLE u (a INTEGER, c INTEGER);
    INSERT INTO u VALUES (1, 2);
    CREATE TABLE nn (a INTEGER NOT NULL, b INTEGER)`);
});
afterAll(() => db.close());

test.each(statements)('%s', async (sql, code, message) => {
  const error = await db.execute(sql).then(
    () => undefined,
    (e: RayexecError) => e,
  );
  expect(error?.message).toBe(message);
  expect(error?.code).toBe(code);
});
