import { expect, it } from 'vitest';
import { connect } from '../../frontends/index.ts';

const db = connect({ threads: 0 });

it.each([
  ['CREATE TABLE t (a INT)', 'CREATE TABLE changes the database\nline 1:1: CREATE TABLE t (a INT)'],
  ['insert into t values (1);', 'INSERT changes the database'],
  ["COPY t TO 'x.csv'", 'COPY TO changes the database'],
  ['SET threads = 1', 'SET is no query'],
  ['SELECT 1; SELECT 2', 'these are several statements'],
])('%s is said to be for execute, at the call', (text, message) => {
  expect(() => db.sql(text)).toThrow(message);
  expect(() => db.sql(text)).toThrow('hint: use `await db.execute(…)`');
});

it('mistakes are told as they are', () => {
  expect(() => db.sql('CREATE TABEL t (a INT)')).toThrow('syntax error');
  expect(() => db.sql`SELEC ${1}`).toThrow("found 'SELEC'");
  expect(() => db.sql`DROP TABLE t`).toThrow('DROP changes the database');
});
