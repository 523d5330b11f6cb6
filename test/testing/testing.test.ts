import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '../../frontends/index.ts';
import { assertFramesEqual, type FrameMismatch, table } from '../../frontends/testing/index.ts';

const db = connect({ threads: 0 });
afterAll(() => db.close());

const mismatch = async (run: Promise<void>): Promise<string> =>
  run.then(
    () => 'equal',
    (e: FrameMismatch) => e.message,
  );

describe('assertFramesEqual', () => {
  it('compares exactly, in any order', async () => {
    const frame = db.sql(
      "SELECT * FROM (VALUES (9007199254740993, 1.50, 'a', DATE '2024-01-02'), (1, 2.00, NULL, NULL)) t(id, price, name, day)",
    );
    const expected = table`
      id int64         | price decimal(3,2) | name string? | day date?
      1                | 2.00               | NULL         | NULL
      9007199254740993 | 1.50               | a            | 2024-01-02
    `;
    await assertFramesEqual(frame, expected);
    expect(
      await mismatch(
        assertFramesEqual(
          frame,
          table`
            id int64         | price decimal(3,2) | name string? | day date?
            1                | 2.00               | NULL         | NULL
            9007199254740992 | 1.50               | a            | 2024-01-02
          `,
        ),
      ),
    ).toMatchInlineSnapshot(`
      "1 row differs
      actual:
        id               | price | name | day
        9007199254740993 | 1.50  | a    | 2024-01-02
      expected:
        id               | price | name | day
        9007199254740992 | 1.50  | a    | 2024-01-02"
    `);
  });

  it('counts rows that come several times', async () => {
    const twice = table`
      x int32
      1
      1
      2
    `;
    await assertFramesEqual(db.sql('SELECT * FROM (VALUES (1), (2), (1)) t(x)'), twice);
    expect(
      await mismatch(assertFramesEqual(db.sql('SELECT * FROM (VALUES (1), (2), (2)) t(x)'), twice)),
    ).toMatchInlineSnapshot(`
      "1 row differs
      actual:
        x
        2
      expected:
        x
        1"
    `);
    expect(
      await mismatch(assertFramesEqual(db.sql('SELECT * FROM (VALUES (1), (2)) t(x)'), twice)),
    ).toMatchInlineSnapshot(`
      "1 row differs (2 rows, expected 3)
      actual:
        x
      expected:
        x
        1"
    `);
  });

  it('compares the order when asked', async () => {
    const frame = db.sql('SELECT * FROM (VALUES (2), (1)) t(x) ORDER BY x');
    await assertFramesEqual(frame, db.sql('SELECT 1 AS x UNION ALL SELECT 2'), { order: 'same' });
    expect(
      await mismatch(
        assertFramesEqual(frame, db.sql('SELECT * FROM (VALUES (2), (1)) t(x) ORDER BY x DESC'), { order: 'same' }),
      ),
    ).toMatchInlineSnapshot(`
      "2 rows differ
      actual:
        x
        1
        2
      expected:
        x
        2
        1"
    `);
  });

  it('takes floats within a tolerance', async () => {
    const sum = db.sql('SELECT 0.1::DOUBLE + 0.2::DOUBLE AS x');
    const expected = table`
      x float64
      0.3
    `;
    expect(await mismatch(assertFramesEqual(sum, expected))).toMatchInlineSnapshot(`
      "1 row differs
      actual:
        x
        0.30000000000000004
      expected:
        x
        0.3"
    `);
    await assertFramesEqual(sum, expected, { tolerance: 1e-12 });
    const special = db.sql("SELECT unnest(['NaN'::DOUBLE, 'inf', '-0']) AS x");
    await assertFramesEqual(special, special, { order: 'same' });
  });

  it('compares columns first', async () => {
    const frame = db.sql('SELECT 1 AS a, 2 AS b');
    expect(await mismatch(assertFramesEqual(frame, db.sql('SELECT 1 AS a, 2::BIGINT AS b')))).toMatchInlineSnapshot(`
      "the columns differ
      actual:
        a INTEGER
        b INTEGER
      expected:
        a INTEGER
        b BIGINT"
    `);
    await assertFramesEqual(frame, db.sql('SELECT 1 AS a, 2::BIGINT AS b'), { types: false });
    expect(await mismatch(assertFramesEqual(frame, db.sql('SELECT 2 AS b, 1 AS a')))).toMatchInlineSnapshot(`
      "the columns differ
      actual:
        a INTEGER
        b INTEGER
      expected:
        b INTEGER
        a INTEGER"
    `);
  });

  it('shows the first of many rows', async () => {
    const message = await mismatch(
      assertFramesEqual(db.sql('FROM range(100) t(x)'), db.sql('SELECT 1::BIGINT AS x WHERE false')),
    );
    expect(message.split('\n').length).toBe(16);
    expect(message).toContain('… and 90 more');
  });
});

describe('table', () => {
  it('reads quotes, bars and blanks', async () => {
    const frame = db.sql("SELECT * FROM (VALUES ('a|b', ' x '), ('NULL', ''), ('it''s', 'y')) t(a, \"the b\")");
    await assertFramesEqual(
      frame,
      table`
        a string | the b string
        'a|b'    | ' x '
        'NULL'   | ''
        'it''s'  | y
      `,
    );
  });

  it('may be empty', async () => {
    await assertFramesEqual(db.sql('SELECT 1 AS a WHERE false'), table`a int32`);
  });

  it('tells what is wrong with it', () => {
    expect(() => table``).toThrow('a table needs a line of names and types');
    expect(() => table`a`).toThrow("'a' is not a name and a type");
    expect(() => table`a integer`).toThrow("there is no type 'integer'");
    expect(
      () => table`
      a int32 | b int32
      1
    `,
    ).toThrow('a row of 1 cells, but 2 columns: 1');
  });
});
