import { expect, test } from 'vitest';
import { parse, parseExpr, parseStatements } from '../../../frontends/sql/index.ts';
import { RayexecError } from '../../../src/common/errors.ts';

function errorOf(run: () => unknown): RayexecError {
  try {
    run();
  } catch (error) {
    if (error instanceof RayexecError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

// What was found and expected, the text that the caret marks, the hint.
const cases: [sql: string, summary: string, marked: string, hint?: string][] = [
  [
    'SELCT a FROM t',
    "expected a statement, such as SELECT, CREATE or INSERT, found 'SELCT'",
    'SELCT',
    "did you mean SELECT instead of 'SELCT'?",
  ],
  ['SELECT', 'expected an expression, found the end of the text', ''],
  [
    'SELECT FROM t',
    'expected an expression, found keyword FROM',
    'FROM',
    'name the columns, or write * for all of them',
  ],
  ['SELECT a FORM t', "expected the end of the statement, found 't'", 't', "did you mean FROM instead of 'FORM'?"],
  [
    'SELECT a FROM t WHER b = 1',
    "expected the end of the statement, found 'b'",
    'b',
    "did you mean WHERE instead of 'WHER'?",
  ],
  [
    'SELECT a FROM t GRUOP BY a',
    'expected the end of the statement, found keyword BY',
    'BY',
    "did you mean GROUP instead of 'GRUOP'?",
  ],
  [
    'SELECT a FROM t GROUP YB a',
    'expected the end of the statement, found keyword GROUP',
    'GROUP',
    'GROUP is followed by BY',
  ],
  [
    'SELECT a FROM t ODER BY a',
    'expected the end of the statement, found keyword BY',
    'BY',
    "did you mean ORDER instead of 'ODER'?",
  ],
  ['SELECT a, FROM', 'expected a table, found the end of the text', ''],
  [
    'SELECT a b c FROM t',
    "expected the end of the statement, found 'c'",
    'c',
    'a comma or an operator may be missing before it',
  ],
  [
    'SELECT (a + 1 FROM t',
    "expected ')' or ',', found keyword FROM",
    'FROM',
    "'(' at line 1, column 8 is never closed",
  ],
  ['SELECT a + 1) FROM t', "expected the end of the statement, found ')'", ')', "nothing is open that ')' could close"],
  [
    'SELECT f(a, b FROM t',
    "expected ')' or ',', found keyword FROM",
    'FROM',
    "'(' at line 1, column 9 is never closed",
  ],
  ['SELECT [1, 2 FROM t', "expected ']' or ',', found keyword FROM", 'FROM', "'[' at line 1, column 8 is never closed"],
  [
    "SELECT {'a': 1 FROM t",
    "expected '}' or ',', found keyword FROM",
    'FROM',
    "'{' at line 1, column 8 is never closed",
  ],
  ["SELECT {'a' 1}", "expected ':', found the number 1", '1'],
  ["SELECT 'abc", 'a string that starts here has no end', "'", "close it with '"],
  ['SELECT "abc FROM t', 'a quoted name that starts here has no end', '"', 'close it with "'],
  ["SELECT E'abc", 'a string that starts here has no end', "E'", "close it with '"],
  ['SELECT $$abc', 'a string that starts here has no end', '$$', 'close it with $$'],
  ['SELECT 1 /* x', 'a comment /* … has no end', '/*', 'close it with */'],
  ['SELECT `a` FROM t', "unexpected character '`'", '`', 'names are quoted with double quotes: "name"'],
  ['SELECT “a”', "unexpected character '“'", '“', 'names are quoted with straight quotes: "name"'],
  [
    'SELECT order FROM t',
    'expected an expression, found keyword ORDER',
    'order',
    'ORDER is a reserved word; as a name it needs double quotes: "order"',
  ],
  ['SELECT a AS FROM t', "expected the end of the statement, found 't'", 't', 'after AS, FROM was taken for a name'],
  [
    'SELECT a FROM order',
    'expected a table, found keyword ORDER',
    'order',
    'ORDER is a reserved word; as a name it needs double quotes: "order"',
  ],
  [
    'SELECT a FROM select',
    'expected a table, found keyword SELECT',
    'select',
    'SELECT is a reserved word; as a name it needs double quotes: "select"',
  ],
  [
    'CREATE TABLE table (a INTEGER)',
    'expected the name of the table, found keyword TABLE',
    'table',
    'TABLE is a reserved word; as a name it needs double quotes: "table"',
  ],
  [
    'SELECT a FROM t JOIN u',
    'expected ON or USING, found the end of the text',
    '',
    'a join without a condition is a CROSS JOIN',
  ],
  ['SELECT a FROM t LEFT u ON a = b', "expected JOIN, found 'u'", 'u'],
  ['SELECT a FROM t NATURAL u', "expected JOIN, found 'u'", 'u'],
  ['SELECT a FROM t LIMIT 5, 10', "expected the end of LIMIT, found ','", ',', 'write LIMIT count OFFSET start'],
  [
    'SELECT a FROM t LIMIT 5 ORDER BY a',
    'expected the end of the query, found keyword ORDER',
    'ORDER',
    'ORDER BY stands before LIMIT',
  ],
  [
    'SELECT a FROM t ORDER BY a UNION SELECT b FROM u',
    'expected the end of the query, found keyword UNION',
    'UNION',
    'put the query with ORDER BY or LIMIT in parentheses',
  ],
  ['SELECT CASE a END', 'expected WHEN, found keyword END', 'END'],
  ['SELECT CASE WHEN a THEN 1', 'expected WHEN, ELSE or END, found the end of the text', '', 'CASE … is closed by END'],
  ['SELECT CASE WHEN a 1 END', 'expected THEN, found the number 1', '1'],
  ['SELECT CAST(a INTEGER)', "expected AS and a type, found 'INTEGER'", 'INTEGER'],
  ['SELECT CAST(a AS )', "expected a type, found ')'", ')'],
  ['SELECT a::', 'expected a type, found the end of the text', ''],
  ["SELECT DECIMAL(40, 2) '1'", 'DECIMAL takes 1 to 38 digits, not 40', 'DECIMAL'],
  ['SELECT a::DECIMAL(5, 6)', "DECIMAL's scale 6 is larger than its precision 5", 'DECIMAL'],
  ['SELECT a IN ()', "expected a value or a query, found ')'", ')', 'IN needs at least one value'],
  ['SELECT a BETWEEN 1', 'expected AND and the upper bound of BETWEEN, found the end of the text', ''],
  [
    'SELECT a IS 5',
    'expected NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM, found the number 5',
    '5',
    'for equality with a value write =',
  ],
  [
    'SELECT a NOT 5',
    'expected the end of the statement, found keyword NOT',
    'NOT',
    'after a value, NOT stands before LIKE, IN, BETWEEN or NULL',
  ],
  ['SELECT EXTRACT(year d)', "expected FROM, found 'd'", 'd'],
  ['SELECT INTERVAL 5', "expected the interval's unit, such as DAY or MONTH, found the end of the text", ''],
  ["SELECT INTERVAL 'x' DAY", "expected a number of DAY, found 'x'", "'x'"],
  [
    'SELECT x OVER (ROWS 1)',
    "expected the end of the statement, found '('",
    '(',
    'a comma or an operator may be missing before it',
  ],
  ['SELECT sum(a) OVER (ORDER BY)', "expected an expression, found ')'", ')'],
  [
    'SELECT sum(a) OVER (ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW)',
    "a window's frame cannot start at UNBOUNDED FOLLOWING",
    'BETWEEN',
  ],
  [
    'SELECT 1abc',
    "'1abc' is neither a number nor a name",
    '1abc',
    'a name that starts with a digit needs double quotes: "1abc"',
  ],
  ['SELECT 1 ++', 'expected an expression, found the end of the text', ''],
  ['SELECT a.', "expected a name or '*' after '.', found the end of the text", ''],
  [
    'SELECT t.* AS x FROM t',
    "expected ',' or FROM, found keyword AS",
    'AS',
    't.* are many columns: they take no alias',
  ],
  ['SELECT a FROM t WHERE', 'expected an expression, found the end of the text', ''],
  ['SELECT a FROM t GROUP BY', 'expected an expression, found the end of the text', ''],
  [
    'SELECT a FROM t ORDER a',
    'expected the end of the statement, found keyword ORDER',
    'ORDER',
    'ORDER is followed by BY',
  ],
  ['SELECT x[] FROM t', "expected an index, found ']'", ']'],
  ["SELECT X'ABC'", "a blob literal X'…' takes pairs of hexadecimal digits", "X'ABC'"],
  [
    'VALUES (1, 2), (3)',
    'row 2 of VALUES has 1 value, the first has 2 values',
    '3',
    'all rows need as many values; NULL stands for one that is missing',
  ],
  ['WITH a (SELECT 1) SELECT 2', "expected AS, found '('", '('],
  ['WITH a AS SELECT 1 SELECT 2', "expected '(' and a query, found keyword SELECT", 'SELECT'],
  ['WITH RECURSIVE SELECT 1', 'expected the name of a common table, found keyword SELECT', 'SELECT'],
  ['INSERT t VALUES (1)', "expected INTO, found 't'", 't'],
  [
    'INSERT INTO t (a, b VALUES (1)',
    "expected ')' or ',', found 'VALUES'",
    'VALUES',
    "'(' at line 1, column 15 is never closed",
  ],
  ['INSERT INTO t', 'expected VALUES or a query, found the end of the text', ''],
  ['UPDATE t a = 1', "expected SET, found '='", '='],
  ['UPDATE t SET a', "expected '=', found the end of the text", ''],
  ['UPDATE t SET (a, b) = (1, 2, 3)', '2 columns are set to 3 values', '(1, 2, 3)'],
  ['DELETE t', "expected FROM, found 't'", 't'],
  ['CREATE TABLE t', "expected '(' and columns, or AS and a query, found the end of the text", ''],
  ['CREATE TABLE t (a)', 'column a has no type', 'a'],
  [
    'CREATE TABLE t (a INTEGER,, b INTEGER)',
    "expected a column, found ','",
    ',',
    'there is a comma before it: is an item missing, or the comma too many?',
  ],
  [
    'CREATE TABEL t (a INTEGER)',
    "expected TABLE, VIEW, SCHEMA, TYPE, MACRO, SEQUENCE or INDEX, found 'TABEL'",
    'TABEL',
    "did you mean TABLE instead of 'TABEL'?",
  ],
  ['CREATE OR REPLACE TABLE IF NOT EXISTS t (a INTEGER)', 'OR REPLACE and IF NOT EXISTS exclude each other', 'EXISTS'],
  ['DROP t', "expected TABLE, VIEW, SCHEMA, TYPE, MACRO, SEQUENCE or INDEX, found 't'", 't'],
  ['DROP TABLE', 'expected the name of the table, found the end of the text', ''],
  ['ALTER TABLE t', 'expected ADD, DROP, RENAME or ALTER, found the end of the text', ''],
  ["COPY t 'x.csv'", "expected TO or FROM, found the string 'x.csv'", "'x.csv'"],
  ['COPY t TO x', "expected the path of a file, a string, or an expression in parentheses, found 'x'", 'x'],
  ['EXPLAIN (FOO) SELECT 1', "expected FORMAT, ANALYZE, VERBOSE, STAGES or TRACE, found 'FOO'", 'FOO'],
  ['SET x', "expected '=' or TO, found the end of the text", ''],
  [
    'FROM t |> WHER a',
    "expected a step, such as WHERE, SELECT, EXTEND, AGGREGATE, JOIN, ORDER BY or LIMIT, found 'WHER'",
    'WHER',
    "did you mean WHERE instead of 'WHER'?",
  ],
  [
    'FROM t |> AGGREGATE sum(x) GRUOP BY a',
    'expected the end of the statement, found keyword BY',
    'BY',
    "did you mean GROUP instead of 'GRUOP'?",
  ],
  [
    'SELECT a FROM t; SELCT b',
    "expected a statement, such as SELECT, CREATE or INSERT, found 'SELCT'",
    'SELCT',
    "did you mean SELECT instead of 'SELCT'?",
  ],
  [
    'SELECT a FROM t 5',
    'expected the end of the statement, found the number 5',
    '5',
    'a comma or an operator may be missing before it',
  ],
  ['SELECT list_transform(l, lambda x x + 1)', "expected ':', found 'x'", 'x'],
  ['SELECT #a', "expected a column's position after '#', found 'a'", 'a'],
  ['SELECT $', 'expected a parameter such as $1 or $name after $', '$'],
  [
    'SELECT a ? b',
    'expected the end of the statement, found the parameter $1',
    '?',
    'a comma or an operator may be missing before it',
  ],
  ['SELECT f(a := 1, 2)', 'expected a named argument, found the number 2', '2', 'arguments without a name come first'],
  ['SELECT * FROM t TABLESAMPLE', 'expected an expression, found the end of the text', ''],
  [
    "SELECT a FROM t\nWHERE b = 'x'\n  AND AND c",
    'expected an expression, found keyword AND',
    'AND',
    'AND stands between two conditions',
  ],
  ['SELECT * EXCLUDE FROM t', 'expected a column to exclude, found keyword FROM', 'FROM'],
  ['SELECT * REPLACE (a) FROM t', "expected AS, found ')'", ')'],
  ['SELECT DISTINCT ON a FROM t', "expected '(', found 'a'", 'a'],
  ['PIVOT t ON', 'expected an expression, found the end of the text', ''],
  ['MERGE INTO t USING s ON a = b', 'expected WHEN MATCHED or WHEN NOT MATCHED, found the end of the text', ''],
  ['SELECT sum(a) FILTER (WHERE) FROM t', "expected an expression, found ')'", ')'],
  ['SELECT a COLLATE', 'expected a collation, found the end of the text', ''],
  ["SELECT a AT TIME 'UTC'", "expected ZONE, found the string 'UTC'", "'UTC'"],
  ['GRANT ALL ON t', 'unsupported: GRANT as a statement is not supported', 'GRANT'],
  ["ATTACH 'x.db' (TYPE sqlite)", 'unsupported: ATTACH with options is not supported', "'x.db'"],
  ['COMMENT ON SCHEMA s IS 1', 'unsupported: COMMENT ON SCHEMA is not supported', 'SCHEMA'],
  ['COMMENT ON TABLE t IS 1', 'expected a text, or NULL, found the number 1', '1'],
  [
    'BEGIN TRANSACTIO',
    "expected the end of the statement, found 'TRANSACTIO'",
    'TRANSACTIO',
    'a comma or an operator may be missing before it',
  ],
  ['SELECT 5 = ANY', 'expected an expression, found keyword ANY', 'ANY', 'ANY takes a query in parentheses'],
  ['SELECT EXISTS 1', 'expected an expression, found keyword EXISTS', 'EXISTS', 'EXISTS takes a query in parentheses'],
  [
    'SELECT a FROM (SELECT b FROM t',
    "expected ')' or ',', found the end of the text",
    '',
    "'(' at line 1, column 15 is never closed",
  ],
  [
    'SELECT a FROM (SELECT b FROM t))',
    "expected the end of the statement, found ')'",
    ')',
    "nothing is open that ')' could close",
  ],
  [
    'SELECT a FROM t u v',
    "expected the end of the statement, found 'v'",
    'v',
    'a comma or an operator may be missing before it',
  ],
  ['SELECT COUNT(DISTINCT) FROM t', "expected an expression, found ')'", ')'],
  [
    'select a from t where a => 1',
    "expected the end of the statement, found '=>'",
    '=>',
    'greater or equal is >=; => gives an argument by its name',
  ],
  ['select a from t where a = = 1', "expected an expression, found '='", '=', 'equality is = or =='],
  ['select date from t where date > 1 and', 'expected an expression, found the end of the text', ''],
  ['CREATE MACRO f(a) AS', 'expected an expression, found the end of the text', ''],
  ['CREATE INDEX i ON t USING rtree (a)', 'there are no indexes of kind rtree', 'rtree'],
  ['CREATE UNIQUE TABLE t', 'expected INDEX, found keyword TABLE', 'TABLE'],
  ['CREATE INDEX i ON t (a) WHERE a > 1', 'unsupported: an index of some rows (WHERE) is not supported', 'WHERE'],
  [
    'ALTER TABLE t ADD CHECK (a > 1)',
    'unsupported: ALTER TABLE … ADD CHECK or FOREIGN KEY is not supported',
    'ADD',
    'CREATE TABLE states them',
  ],
  ['SELECT ‘a’', "unexpected character '‘'", '‘', "strings are written in straight quotes: 'text'"],
  [
    'FROM t |> ',
    'expected a step, such as WHERE, SELECT, EXTEND, AGGREGATE, JOIN, ORDER BY or LIMIT, found the end of the text',
    '',
  ],
  ['FROM t |> EXTEND OR a', 'expected an expression, found keyword OR', 'OR', 'OR stands between two conditions'],
  [
    'SELECT a FROM f(1, 2',
    "expected ')' or ',', found the end of the text",
    '',
    "'(' at line 1, column 16 is never closed",
  ],
  ["COPY t TO 'x' (FORMAT csv, FORMAT json)", 'the option FORMAT stands twice', 'json'],
  ['WITH a AS (INSERT INTO t FROM a) FROM a', 'unsupported: INSERT inside a query is not supported', 'INSERT'],
];

test.each(cases)('%s', (sql, summary, marked, hint) => {
  const error = errorOf(() => parseStatements(sql));
  const isUnsupported = error.code === 'unsupported';
  expect(error.code).toBe(isUnsupported ? 'unsupported' : 'parse');
  expect(isUnsupported ? `unsupported: ${error.summary}` : error.summary.replace('syntax error: ', '')).toBe(summary);
  expect(error.source).toBe(sql);
  expect(sql.slice(error.span!.start, error.span!.end)).toBe(marked);
  expect(error.hint).toBe(hint);
});

test('the message shows the line with a caret, and the hint', () => {
  const error = errorOf(() => parse("SELECT a\nFROM t WHER b = 'x'"));
  expect(error.message).toBe(
    [
      "syntax error: expected the end of the text, found 'b'",
      "line 2:13: FROM t WHER b = 'x'",
      '                       ^',
      "hint: did you mean WHERE instead of 'WHER'?",
    ].join('\n'),
  );
});

const nested: [what: string, sql: string][] = [
  ['parentheses', '('.repeat(10_000)],
  ['closed parentheses', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['lists', '['.repeat(10_000)],
  ['NOT', `${'not '.repeat(10_000)}a`],
  ['signs', `${'- '.repeat(10_000)}a`],
  ['CASE', 'case when '.repeat(10_000)],
  ['types', `a::${'struct(a '.repeat(10_000)}`],
  ['lists of types', `a::int${'[]'.repeat(10_000)}`],
  ['casts', `a${'::int'.repeat(10_000)}`],
  ['sums', `1${' + 1'.repeat(10_000)}`],
  ['fields', `(a)${'.b'.repeat(10_000)}`],
  ['subqueries', `(${'select * from ('.repeat(10_000)}`],
  ['set operations', `(select 1${' union select 1'.repeat(10_000)})`],
  ['set operations to the right', `(${'select 1 intersect ('.repeat(10_000)}`],
  ['joins', `(from t${' join u using (a)'.repeat(10_000)})`],
  ['joins to the right', `(from t${' join u'.repeat(10_000)})`],
  ['common tables', `(${'with a as ('.repeat(10_000)}`],
  ['pipe steps', `(from t${' |> where a'.repeat(10_000)})`],
];

test.each(nested)('too deep nesting of %s is an error, not an overflow of the stack', (_, sql) => {
  expect(errorOf(() => parseExpr(sql))).toMatchObject({
    code: 'parse',
    summary: expect.stringMatching(/nest/),
    source: sql,
  });
});

test('statements nest only so deep', () => {
  expect(errorOf(() => parseStatements('prepare a as '.repeat(10_000)))).toMatchObject({
    code: 'parse',
    summary: expect.stringMatching(/nest/),
  });
});

test.each([
  ['a list', `a in (1${', 1'.repeat(100_000)})`],
  ['a chain', `a${' and a'.repeat(100_000)}`],
  ['a string', `'${"''".repeat(100_000)}'`],
  ['lines of a string', "'a'\n".repeat(50_000)],
])('the time is linear in the length of %s', (_, sql) => {
  const start = performance.now();
  parseExpr(sql);
  expect(performance.now() - start).toBeLessThan(10_000); // quadratic time would take minutes
});
