import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';

let db: Database;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rayexec-copy-'));
  db = connect({ threads: 0 });
  await db.execute(`CREATE TABLE t AS FROM (VALUES (1, 'a', 1.5), (2, 'b', 2.5), (3, 'c/d e', NULL)) v(i, s, d)`);
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const filesOf = (name: string): string[] =>
  (
    readdirSync(at(name), { recursive: true, withFileTypes: true }) as {
      isFile(): boolean;
      parentPath: string;
      name: string;
    }[]
  )
    .filter(e => e.isFile())
    .map(e => join(e.parentPath, e.name).slice(at(name).length + 1))
    .sort();
const copy = (what: string, name: string, options: string) => db.execute(`COPY ${what} TO '${at(name)}' (${options})`);
const rows = async (sql: string) => (await db.execute(sql)).rows();
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );

describe('COPY … TO partitions', () => {
  test('puts rows into directories by the values of columns', async () => {
    const result = await copy('t', 'p', 'FORMAT csv, PARTITION_BY (i, s), RETURN_FILES');
    expect(filesOf('p')).toEqual(['i=1/s=a/data_0.csv', 'i=2/s=b/data_0.csv', 'i=3/s=c%2Fd%20e/data_0.csv']);
    expect(result.schema.map(c => c.name)).toEqual(['Count', 'Files']);
    expect(result.rows()).toEqual([[3n, filesOf('p').map(f => `${at('p')}/${f}`)]]);
    expect(readFileSync(at('p/i=1/s=a/data_0.csv'), 'utf8')).toBe('d\n1.5\n');
    expect(
      await rows(`SELECT i, s, d FROM read_csv('${at('p')}/*/*/*.csv', hive_partitioning = true) ORDER BY i`),
    ).toEqual(await rows('SELECT i::BIGINT, s, d::DOUBLE FROM t ORDER BY i'));
  });

  test.each(['parquet', 'json', 'arrow'])('in %s, NULL too', async format => {
    await copy('t', `n-${format}`, `FORMAT ${format}, PARTITION_BY d, WRITE_PARTITION_COLUMNS`);
    const files = ['d=1.5', 'd=2.5', 'd=__HIVE_DEFAULT_PARTITION__'].map(d => `${d}/data_0.${format}`);
    expect(filesOf(`n-${format}`)).toEqual(files);
    expect(
      await rows(`SELECT i, d FROM read_${format}('${at(`n-${format}`)}/*/*', hive_partitioning = false) WHERE i = 3`),
    ).toEqual([[format === 'json' ? 3n : 3, null]]);
  });

  test('keeps many partitions apart', async () => {
    const query = '(SELECT i % 150 AS p, i FROM range(30000) r(i))';
    await copy(query, 'many', 'FORMAT parquet, PARTITION_BY (p)');
    expect(
      await rows(`SELECT count(DISTINCT p), count(*), sum(i), bool_and(i % 150 = p) FROM '${at('many')}/*/*.parquet'`),
    ).toEqual([[150n, 30000n, 449985000n, true]]);
  });

  test('says what becomes of files that are there', async () => {
    const write = (x: number, mode: string) =>
      copy(`(SELECT ${x} AS x, 2 AS y)`, 'old', `FORMAT csv, PARTITION_BY (x)${mode}`);
    await write(1, '');
    expect(await failure(write(2, ''))).toContain('it exists and is not empty!');
    await write(2, ', OVERWRITE_OR_IGNORE');
    expect(filesOf('old')).toEqual(['x=1/data_0.csv', 'x=2/data_0.csv']);
    await write(2, ', APPEND');
    expect(filesOf('old')).toHaveLength(3);
    await write(2, ", APPEND, FILENAME_PATTERN 'data_{i}'");
    expect(filesOf('old')).toContain('x=2/data_1.csv');
    await write(3, ', OVERWRITE');
    expect(filesOf('old')).toEqual(['x=3/data_0.csv']);
    expect(await failure(write(3, ', OVERWRITE, APPEND'))).toContain('Can only set one of');
  });

  test('names files as asked', async () => {
    await copy(
      't',
      'names',
      "FORMAT csv, PARTITION_BY (i), FILENAME_PATTERN 'f', FILE_EXTENSION 'txt', HIVE_FILE_PATTERN false",
    );
    expect(filesOf('names')).toEqual(['f0.txt', 'f1.txt', 'f2.txt']);
    await copy('t', 'zipped', 'FORMAT csv, PER_THREAD_OUTPUT, COMPRESSION gzip');
    expect(filesOf('zipped')).toEqual(['data_0.csv.gz']);
    await copy('(FROM t WHERE false)', 'empty', 'FORMAT csv, PER_THREAD_OUTPUT');
    expect(readFileSync(at('empty/data_0.csv'), 'utf8')).toBe('i,s,d\n');
    await copy('t', 'uuids', "FORMAT csv, PARTITION_BY (i), FILENAME_PATTERN 'f_{uuid}'");
    expect(filesOf('uuids').every(f => /^i=\d\/f_[0-9a-f-]{36}\.csv$/.test(f))).toBe(true);
  });

  test('begins another file when one has its size', async () => {
    await copy(
      "(SELECT i, repeat('x', 100) AS s FROM range(20000) r(i))",
      'sizes',
      "FORMAT csv, FILE_SIZE_BYTES '500KB'",
    );
    expect(filesOf('sizes').length).toBeGreaterThan(2);
    expect(await rows(`SELECT count(*), sum(i) FROM read_csv('${at('sizes')}/*.csv')`)).toEqual([[20000n, 199990000n]]);
  });

  test('leaves nothing of a query that fails', async () => {
    const query =
      "(SELECT i % 3 AS p, CAST(CASE WHEN i = 20000 THEN 'late' ELSE i::VARCHAR END AS BIGINT) AS x FROM range(30000) r(i))";
    expect(await failure(copy(query, 'failed', 'FORMAT csv, PARTITION_BY (p)'))).toContain('late');
    expect(filesOf('failed')).toEqual([]);
  });

  test.each([
    ['PARTITION_BY (nope)', "names a column 'nope', which there is not"],
    ['PARTITION_BY (i, s, d)', 'no column is left to write'],
    ['PARTITION_BY *', 'no column is left to write'],
    ['PARTITION_BY (i, I)', "names the column 'i' twice"],
    ["FILENAME_PATTERN 'x'", 'filename_pattern is of no use to a single file'],
    ["FILE_SIZE_BYTES 'much'", "a number of bytes, such as 1000000 or '1MB'"],
    ["PARTITION_BY i, FILENAME_PATTERN '../x'", 'filename_pattern names no directories'],
    ['PARTITION_BY i, PARTITION i', "has no option 'partition'"],
  ])('refuses %s', async (options, message) => {
    expect(await failure(copy('t', 'refused', `FORMAT csv, ${options}`))).toContain(message);
  });

  test('from a chain', async () => {
    const written = await db.sql('FROM t').writeCsv(at('chain'), { partition_by: ['i'] });
    expect([written, filesOf('chain').length]).toEqual([3, 3]);
  });
});

describe('COPY', () => {
  test('takes paths that are computed', async () => {
    await db.execute(`COPY t TO ('${folder}/' || 'computed.csv') (FORCE_QUOTE *)`);
    expect(readFileSync(at('computed.csv'), 'utf8')).toBe('"i","s","d"\n"1","a","1.5"\n"2","b","2.5"\n"3","c/d e",\n');
    await db.execute('COPY t TO $1 (FORCE_QUOTE (s))', [at('given.csv')]);
    expect(readFileSync(at('given.csv'), 'utf8')).toContain('1,"a",1.5');
    expect(await failure(db.execute('COPY t TO (1 + 1)'))).toContain('The path of COPY must be a VARCHAR, not INTEGER');
    expect(await failure(db.execute('COPY t TO (SELECT i FROM t)'))).toContain('The path of COPY must be a constant');
  });

  test('FROM reads values as the columns have them', async () => {
    await db.execute('CREATE TABLE u (a VARCHAR, b INTEGER)');
    writeFileSync(at('u.csv'), 'x,y\n007,1\n');
    writeFileSync(at('u.json'), '{"b": 2, "a": "08"}\n{"b": 3}\n');
    await db.execute(`COPY u FROM '${at('u.csv')}'`);
    await db.execute(`COPY u FROM ['${at('u.json')}', '${at('u.json')}']`);
    writeFileSync(at('v.csv'), '5|NN\n');
    await db.execute(`COPY u (b, a) FROM '${at('v.csv')}' (DELIM '|', NULL 'NN', AUTO_DETECT false, HEADER 0)`);
    expect(await rows('FROM u ORDER BY ALL')).toEqual([
      ['007', 1],
      ['08', 2],
      ['08', 2],
      [null, 3],
      [null, 3],
      [null, 5],
    ]);
    expect(await failure(db.execute(`COPY u (b) FROM '${at('u.csv')}'`))).toContain('"x,y" is no INTEGER');
  });
});

describe('files as rows', () => {
  test('by their paths, texts and bytes', async () => {
    mkdirSync(at('whole'));
    writeFileSync(at('whole/a.txt'), 'ä\n');
    writeFileSync(at('whole/b.txt'), new Uint8Array([0xff, 0]));
    expect(await rows(`FROM glob('${at('whole')}/*') ORDER BY file`)).toEqual([
      [at('whole/a.txt')],
      [at('whole/b.txt')],
    ]);
    expect(await rows("FROM glob(['nothing/*', 'here/*'])")).toEqual([]);
    expect(
      await rows(`SELECT content, size, last_modified > TIMESTAMP '2020-01-01' FROM read_text('${at('whole/a.txt')}')`),
    ).toEqual([['ä\n', 3n, true]]);
    expect(await rows(`SELECT content, filename FROM read_blob('${at('whole')}/b*') WHERE size = 2`)).toEqual([
      [new Uint8Array([0xff, 0]), at('whole/b.txt')],
    ]);
    expect(await rows(`SELECT sum(size) FROM read_text('${at('whole')}/*')`)).toEqual([[5n]]);
    expect(await failure(db.execute(`FROM read_text('${at('whole/b.txt')}')`))).toContain('is not a text in UTF-8');
    expect(await failure(db.execute(`FROM read_text('${at('whole/c.txt')}')`))).toContain('there is no file');
    expect(await failure(db.execute('FROM read_text(1)'))).toContain('a VARCHAR or a list of them');
    expect(await failure(db.execute("FROM glob('a', 'b')"))).toContain('glob takes a pattern');
  });
});
