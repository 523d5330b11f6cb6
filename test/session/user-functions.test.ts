import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { threadId } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';
import { knownOverloads } from '../../src/functions/user/known-overloads.ts';

let db: Database<{ t: { a: 'int32' | null; s: 'string' | null }; many: { i: 'int64'; k: 'int32' } }>;
const folder = mkdtempSync(join(tmpdir(), 'rayexec-functions-'));
const moduleUrl = pathToFileURL(join(folder, 'functions.mjs'));
beforeAll(async () => {
  db = connect({ threads: 2 });
  await db.execute(`
    CREATE TABLE t AS FROM (VALUES (1, 'one'), (2, NULL), (NULL, 'none'), (4, 'four')) v(a, s);
    CREATE TABLE many AS SELECT i::BIGINT AS i, (i % 7)::INTEGER AS k FROM range(300000) r(i)`);
  writeFileSync(
    moduleUrl,
    `import { threadId } from 'node:worker_threads';
     export default x => x * 2;
     export const thread = () => threadId;
     export const thousandths = (xs, rows) => Float64Array.from(xs, x => x / 1000);
     export const constant = 5;`,
  );
});
afterAll(() => db.close());

describe('a function of the program', () => {
  it('is called in expressions and in SQL', async () => {
    const label = db.udf('label', ['string', 'int32'], 'string', (s, a) => `${s}/${a}`);
    const frame = db.table('t').select('a', t => ({ l: label(t.s, t.a) }));
    const rows = [
      { a: 1, l: 'one/1' },
      { a: 2, l: null },
      { a: null, l: null },
      { a: 4, l: 'four/4' },
    ];
    expect(await frame.collect()).toEqual(rows);
    expect(await db.sql('SELECT a, label(s, a) AS l FROM t').collect()).toEqual(rows);
    expect(await db.sql(frame.toSQL()).collect()).toEqual(rows);
    expect(await db.sql("SELECT LABEL('x', 1) AS l").collect()).toEqual([{ l: 'x/1' }]);
    expect(await frame.explain()).toContain('label(');
  });

  it('sees NULL where its type says so', async () => {
    const calls: unknown[] = [];
    db.udf('seen', ['int32?', 'string'], 'int32?', (a, s) => {
      calls.push([a, s]);
      return a;
    });
    expect(await db.sql('SELECT seen(a, s) AS x FROM t').values('x' as never)).toEqual([1, null, null, 4]);
    expect(calls).toEqual([
      [1, 'one'],
      [null, 'none'],
      [4, 'four'],
    ]);
  });

  it('takes and gives all types', async () => {
    const same = async (type: string, sql: string): Promise<unknown> => {
      db.udf('same', [`${type}` as 'int32'], `${type}` as 'int32', x => x);
      const { before, after } = (
        await db.sql(`SELECT x AS before, same(x) AS after FROM (SELECT ${sql} AS x)`).collect()
      )[0]!;
      expect(after).toEqual(before);
      return after;
    };
    expect(await same('int64', '9007199254740991::BIGINT')).toBe(9007199254740991);
    expect(await same('decimal(10,2)', '12.34::DECIMAL(10,2)')).toBe(12.34);
    expect(await same('date', "DATE '2024-02-29'")).toEqual(new Date('2024-02-29'));
    expect(await same('timestamp', "TIMESTAMP '2024-02-29 12:30:00.5'")).toEqual(new Date('2024-02-29T12:30:00.500Z'));
    expect(await same('time', "TIME '12:30:00.25'")).toBe('12:30:00.25');
    expect(await same('boolean', 'true')).toBe(true);
    expect(await same('float32', '1.5::FLOAT')).toBe(1.5);
    expect(await same('interval', "INTERVAL '1 month 2 days'")).toEqual({ months: 1, days: 2, micros: 0 });
    expect(await same('binary', "'ab'::BLOB")).toEqual(new Uint8Array([97, 98]));
    db.udf('lists', [{ list: 'int32?' }], { struct: { n: 'int32', last: 'int32?' } }, list => ({
      n: list.length,
      last: list.at(-1) ?? null,
    }));
    expect(await db.sql('SELECT lists([1, NULL, 3]) AS x').collect()).toEqual([{ x: { n: 3, last: 3 } }]);
  });

  it('is called with bigints, where they are asked for', async () => {
    db.udf('next', ['int64'], 'int64', n => n + 1n, { int64: 'bigint' });
    expect(await db.sql('SELECT next(9007199254740992) AS n').collect({ int64: 'bigint' })).toEqual([
      { n: 9007199254740993n },
    ]);
    db.udf('next', ['int64'], 'int64', n => n + 1);
    await expect(db.sql('SELECT next(9007199254740992) AS n').collect()).rejects.toThrow('argument 1 of next');
  });

  it('works on columns', async () => {
    const sizes: number[] = [];
    const mean = db.udf(
      'from_mean',
      ['float64'],
      'float64',
      (xs, rows) => {
        sizes.push(rows);
        expect(xs).toBeInstanceOf(Float64Array);
        return Array.from(xs, x => x - 1);
      },
      { vectorized: true },
    );
    const frame = db.table('t').select(t => ({ m: mean(t.a.cast('float64')) }));
    expect(await frame.values('m')).toEqual([0, 1, null, 3]);
    expect(sizes).toEqual([3]);
    db.udf('short', ['int32'], 'int32', () => [1], { vectorized: true });
    await expect(db.sql('SELECT short(a) FROM t').collect()).rejects.toThrow('short: got 3 rows and gave 1 values');
  });

  it('runs where filters, groups and joins call it, in large tables too', async () => {
    const even = db.udf('is_even', ['int32'], 'boolean', k => k % 2 === 0);
    const many = db.table('many');
    expect(await many.filter(t => even(t.k)).count()).toBe(171_429);
    const sums = await db.sql('SELECT is_even(k) AS e, count(*) AS n FROM many GROUP BY e ORDER BY e').collect();
    expect(sums).toEqual([
      { e: false, n: 128_571 },
      { e: true, n: 171_429 },
    ]);
    await db.execute('SET separate_memory = true');
    expect(await many.filter(t => even(t.k)).count()).toBe(171_429);
    await db.execute('RESET separate_memory');
  });

  it('is not folded when it is volatile', async () => {
    let n = 0;
    db.udf('tick', [], 'int32', () => ++n, { volatile: true });
    expect(await db.sql('SELECT tick() AS n FROM t').values('n' as never)).toEqual([1, 2, 3, 4]);
    n = 0;
    db.udf('tick', [], 'int32', () => ++n);
    expect(new Set(await db.sql('SELECT tick() AS n FROM t').values('n' as never)).size).toBe(1);
  });
});

describe('what can go wrong', () => {
  it('in its code', async () => {
    db.udf('fails', ['int32'], 'int32', a => {
      if (a === 2) throw new TypeError('two');
      return a;
    });
    const failure = db.sql('SELECT fails(a) FROM t').collect();
    await expect(failure).rejects.toMatchObject({ code: 'invalid-argument', summary: 'fails failed: two' });
    await expect(failure).rejects.toMatchObject({ cause: expect.any(TypeError) });
    expect(await db.sql('SELECT fails(a) AS x FROM t WHERE a = 4').collect()).toEqual([{ x: 4 }]);
  });

  it('in its results', async () => {
    const giving = (value: unknown): Promise<unknown> => {
      db.udf('gives', ['int32'], 'int32', () => value as number);
      return db.sql('SELECT gives(a) FROM t').collect();
    };
    await expect(giving(null)).rejects.toThrow('gives gave null, but it is declared never to give NULL');
    await expect(giving('x')).rejects.toThrow("result of gives': 'x' (string) is no INTEGER");
    await expect(giving(2 ** 31)).rejects.toThrow('is no INTEGER');
    await expect(giving(Promise.reject(new Error('unseen')))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('in its definition', async () => {
    await db.ready();
    const define =
      (name: string, types: string[] = []) =>
      () =>
        db.udf(name, types as never, 'int32', () => 1);
    expect(define('lower')).toThrow('there is a function lower already');
    expect(define('sum')).toThrow('there is a function sum already');
    expect(define('my function')).toThrow("'my function' is no name for a function");
    expect(define('select')).toThrow("'select' is no name for a function");
    expect(define('f', ['integer'])).toThrow("there is no type 'integer'");
    expect(() => db.udf('f', [], 'int32', { module: './f.js' })).toThrow("'./f.js' is no URL of a module");
    db.udf('f', ['int32'], 'int32', x => x);
    await expect(db.sql("SELECT f('a', 'b')").collect()).rejects.toThrow('no function matches f(VARCHAR, VARCHAR)');
  });

  it('whose name SQL has, before the first query', async () => {
    const other = connect({ threads: 0 });
    other.udf('lower', [], 'int32', () => 1);
    await expect(other.execute('SELECT 1')).rejects.toThrow('there is a function lower already');
    await other.close();
  });

  it('leaves nothing behind when another takes its name', async () => {
    const before = knownOverloads.size;
    for (let i = 0; i < 20; i++) {
      const again = db.udf('again', ['int32'], 'int32', a => a + i);
      expect(
        await db
          .table('t')
          .select(t => ({ x: again(t.a) }))
          .limit(1)
          .values('x'),
      ).toEqual([1 + i]);
    }
    expect(knownOverloads.size).toBeLessThanOrEqual(before + 1);
  });

  it('is over when the database is closed', async () => {
    const other = connect({ threads: 0 });
    other.udf('f', [], 'int32', () => 1);
    const frame = other.sql('SELECT f() AS x');
    expect(await frame.collect()).toEqual([{ x: 1 }]);
    await other.close();
    await expect(frame.collect()).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a function of a module', () => {
  it('runs on worker threads', async () => {
    db.udf('twice', ['int32'], 'int32', { module: moduleUrl });
    db.udf('thread', ['int32'], 'int32', { module: moduleUrl, export: 'thread' }, { volatile: true });
    db.udf('thousandths', ['int64'], 'float64', { module: moduleUrl, export: 'thousandths' }, { vectorized: true });
    expect(await db.sql('SELECT sum(twice(k)) AS s, sum(thousandths(i)) AS m FROM many').collect()).toEqual([
      { s: 1_799_994, m: expect.closeTo(44_999_850, 3) },
    ]);
    const threads = await db.sql('SELECT DISTINCT thread(k) AS id FROM many').values('id' as never);
    // This thread takes part, too.
    expect(threads.some(id => id !== threadId)).toBe(true);
  });

  it('that does not load says so', async () => {
    db.udf('gone', ['int32'], 'int32', { module: new URL('gone.mjs', moduleUrl) });
    await expect(db.sql('SELECT gone(1)').collect()).rejects.toMatchObject({ code: 'io' });
    db.udf('gone', ['int32'], 'int32', { module: moduleUrl, export: 'constant' });
    await expect(db.sql('SELECT gone(1)').collect()).rejects.toThrow("exports no function 'constant'");
    db.udf('gone', ['int32'], 'int32', x => x);
  });
});
