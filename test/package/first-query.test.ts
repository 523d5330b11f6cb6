import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

// What the first query of a process loads, and that it runs with only that: each of these is a process of its own.
const run = promisify(execFile);
const dist = resolve(import.meta.dirname, '../../dist');
const folder = mkdtempSync(join(tmpdir(), 'rayexec-first-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let runs = 0;

/** What a program prints, and the names (without their hashes) of the package's files that its main thread loads. */
async function firstRun(
  threads: number,
  body: string,
): Promise<{ readonly printed: string; readonly files: string[] }> {
  const coverage = join(folder, String(runs++));
  const text = `import { connect, count, desc, rowNumber } from '${join(dist, 'index.js')}';
    const db = connect({ threads: ${threads} });
    console.log(JSON.stringify(await (async () => { ${body} })(), (_, v) => typeof v === 'bigint' ? Number(v) : v));
    await db.close();`;
  // Node tells with its coverage which scripts there were.
  const env = { ...process.env, NODE_V8_COVERAGE: coverage };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text], { env, timeout: 25_000 });
  const urls = readdirSync(coverage).flatMap(file => {
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as { result: { url: string }[] };
    return result.map(script => script.url).filter(url => url.includes('/dist/'));
  });
  const files = [...new Set(urls.map(url => basename(url).replace(/(-[\w-]{8})?\.js$/, '')))];
  return { printed: stdout.trim(), files };
}

const rows = (sql: string): string => `return db.sql(\`${sql}\`).collect();`;

/** What every query loads. */
const ALWAYS = ['connect', 'core', 'engine', 'index'];

const TABLE = '(VALUES (1, 2), (1, 3), (2, 5)) AS t(a, b)';

describe.each([
  ['SELECT 1', rows('SELECT 1 AS x'), '[{"x":1}]', []],
  ['a filter', rows(`SELECT b + 1 AS c FROM ${TABLE} WHERE b = 2`), '[{"c":3}]', []],
  ['a frame', 'return db.from([{ a: 1 }, { a: 2 }]).filter(t => t.a.gt(1)).collect();', '[{"a":2}]', []],
  [
    'groups',
    rows(`SELECT a, sum(b) AS s FROM ${TABLE} GROUP BY a ORDER BY a`),
    '[{"a":1,"s":5},{"a":2,"s":5}]',
    ['gathering-code', 'steps'],
  ],
  [
    'groups of a frame',
    'return db.from([{ a: 1 }, { a: 1 }]).groupBy("a").agg(() => ({ n: count() })).collect();',
    '[{"a":1,"n":2}]',
    ['gathering-code', 'steps'],
  ],
  [
    'a join',
    rows(`SELECT count(*) AS n FROM ${TABLE} JOIN range(2, 6) ON b = range`),
    '[{"n":3}]',
    ['gathering-code', 'steps'],
  ],
  [
    'a CTE read twice',
    rows('WITH c AS MATERIALIZED (SELECT random() AS r) SELECT x.r = y.r AS s FROM c x, c y'),
    '[{"s":true}]',
    ['gathering-code', 'steps'],
  ],
  [
    'a window',
    rows(`SELECT b, row_number() OVER (ORDER BY b DESC) AS n FROM ${TABLE} ORDER BY b LIMIT 1`),
    '[{"b":2,"n":3}]',
    ['gathering-code', 'steps', 'rare-code'],
  ],
  [
    'a window of a frame',
    'return db.from([{ a: 1 }, { a: 2 }]).withColumns(t => ({ n: rowNumber().over({ orderBy: [t.a.desc()] }) })).filter(t => t.n.eq(1)).collect();',
    '[{"a":2,"n":1}]',
    ['gathering-code', 'steps', 'rare-code'],
  ],
  [
    'a recursion',
    rows('WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 3) SELECT max(i) AS m FROM r'),
    '[{"m":3}]',
    ['gathering-code', 'steps', 'rare-code'],
  ],
  [
    'an ASOF join',
    rows('SELECT a.x, b.y FROM (VALUES (2)) a(x) ASOF JOIN (VALUES (1), (3)) b(y) ON a.x >= b.y'),
    '[{"x":2,"y":1}]',
    ['gathering-code', 'steps', 'rare-code'],
  ],
  [
    'changes of tables',
    `await db.execute('CREATE TABLE t (a INTEGER PRIMARY KEY)'); await db.execute('INSERT INTO t VALUES (1), (2)'); await db.execute('UPDATE t SET a = 5 WHERE a = 1'); ${rows('SELECT a FROM t WHERE a > 4')}`,
    '[{"a":5}]',
    ['run-statement'],
  ],
  [
    'EXPLAIN',
    `return (await db.sql('SELECT a FROM ${TABLE} WINDOW w AS ()').explain()).includes('physical');`,
    'true',
    ['explain'],
  ],
  [
    'separate memories',
    `await db.execute('SET separate_memory = true'); ${rows(`SELECT a, sum(b) AS s FROM ${TABLE} GROUP BY a ORDER BY a`)}`,
    '[{"a":1,"s":5},{"a":2,"s":5}]',
    ['explain', 'gathering-code', 'rare-code', 'separate-code', 'run-statement', 'steps'],
  ],
] as const)('%s', (_, body, printed, more) => {
  it('is the first query of a process', async () => {
    const first = await firstRun(0, body);
    expect(first.printed).toBe(printed);
    expect(first.files.sort()).toEqual([...ALWAYS, ...more].sort());
  });

  it('is the first query of a worker thread', async () => {
    const { printed: text } = await firstRun(2, `await db.execute('SET inline_rows = 0'); ${body}`);
    expect(text).toBe(printed);
  });
});
