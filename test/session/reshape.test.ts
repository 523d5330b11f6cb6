import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenSession, openSession } from './open-session.ts';

let open: OpenSession;
beforeAll(async () => {
  open = await openSession(0);
  await open.db.execute(`
    CREATE TABLE posts AS SELECT * FROM (VALUES (1, ['a', 'b'], {'x': 1, 'y': 'p'}), (2, [], {'x': 2, 'y': NULL}),
      (3, NULL, NULL), (4, ['c', NULL], {'x': 4, 'y': 'q'})) t(id, tags, at);
    CREATE TABLE sales AS SELECT * FROM (VALUES ('n', 2000, 1), ('n', 2001, 2), ('s', 2000, 5), ('s', 2000, 6))
      t(shop, year, amount);
    CREATE TABLE quarters AS SELECT * FROM (VALUES (1, 10, 11), (2, NULL, 21)) t(id, q1, q2)`);
});
afterAll(() => open.db.close());

const rows = (frame: { collect: () => Promise<unknown> }): Promise<unknown> => frame.collect();

test('explode gives a row for each element, in the place of the list', async () => {
  const { db } = open;
  expect(await rows(db.table('posts').explode('tags').select('id', 'tags'))).toEqual([
    { id: 1, tags: 'a' },
    { id: 1, tags: 'b' },
    { id: 4, tags: 'c' },
    { id: 4, tags: null },
  ]);
});

test('unnest gives a column for each field', async () => {
  const { db } = open;
  expect(await rows(db.table('posts').drop('tags').unnest('at', { prefix: 'at_' }))).toEqual([
    { id: 1, at_x: 1, at_y: 'p' },
    { id: 2, at_x: 2, at_y: null },
    { id: 3, at_x: null, at_y: null },
    { id: 4, at_x: 4, at_y: 'q' },
  ]);
});

test('pivot gives a column for each listed value', async () => {
  const { db } = open;
  const pivoted = db
    .table('sales')
    .pivot({ rows: ['shop'], on: 'year', in: [2000, 2001, 2002], values: t => t.amount.sum() })
    .sort('shop');
  expect(await rows(pivoted)).toEqual([
    { shop: 'n', 2000: 1, 2001: 2, 2002: null },
    { shop: 's', 2000: 11, 2001: null, 2002: null },
  ]);
});

test('unpivot gives a row for each column, NULLs too unless they are not wanted', async () => {
  const { db } = open;
  const unpivoted = (includeNulls: boolean) =>
    rows(db.table('quarters').unpivot({ on: ['q1', 'q2'], name: 'quarter', value: 'sold', includeNulls }));
  expect(await unpivoted(true)).toEqual([
    { id: 1, quarter: 'q1', sold: 10 },
    { id: 1, quarter: 'q2', sold: 11 },
    { id: 2, quarter: 'q1', sold: null },
    { id: 2, quarter: 'q2', sold: 21 },
  ]);
  expect(await unpivoted(false)).toHaveLength(3);
});
