import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { connect } from '../../frontends/index.ts';
import { openDatabase } from '../../frontends/session/connect-options.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { nodeTemporaryFiles } from '../../src/platform/node-temporary-files.ts';
import type { TemporaryFiles } from '../../src/platform/temporary-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'spill-faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SETUP = `CREATE TABLE a AS SELECT i, i % 300 k, 'text of a row ' || (i % 200) s, [i, k] l FROM range(30000) t(i)`;

/** One query for each operator that uses files. */
const queries = {
  sort: 'SELECT sum(i) FROM (SELECT i, row_number() OVER () n FROM (FROM a ORDER BY s, i)) WHERE n < 100',
  window: 'SELECT sum(n) FROM (SELECT rank() OVER (PARTITION BY s ORDER BY i) n, l FROM a)',
  'hash-aggregate': 'SELECT sum(n) FROM (SELECT i, s, count(*) n FROM a GROUP BY i, s)',
  'distinct-on': 'SELECT sum(i) FROM (SELECT DISTINCT ON (k) i, l FROM a ORDER BY k, i)',
  'hash-join': 'SELECT sum(x.i), sum(y.l[2]) FROM a x JOIN a y ON x.i = y.i + 1 WHERE x.i < 9000 AND y.i < 9000',
  shared: 'WITH c AS MATERIALIZED (SELECT i, s, l FROM a) SELECT sum(i), max(s), max(l) FROM (FROM c UNION ALL FROM c)',
  'nested-loop-join': 'SELECT sum(x.i), max(y.s) FROM (FROM a LIMIT 3) x RIGHT JOIN a y ON x.i > y.i + 5',
  limit: 'SELECT sum(i), max(s), max(l) FROM (FROM a LIMIT 29000)',
  'limit-by': 'SELECT sum(i), max(s), max(l) FROM (FROM a LIMIT 95%)',
};

/** A database with temporary files that fail in some way, which must fail with an error and then answer as before. */
async function failing(faulty: Partial<TemporaryFiles>, query: string, message: RegExp): Promise<void> {
  let isFaulty = true;
  const temporary: TemporaryFiles = {
    ...nodeTemporaryFiles,
    append: (...args) => (isFaulty ? (faulty.append ?? nodeTemporaryFiles.append) : nodeTemporaryFiles.append)(...args),
    read: (...args) => (isFaulty ? (faulty.read ?? nodeTemporaryFiles.read) : nodeTemporaryFiles.read)(...args),
  };
  const platform = { ...nodePlatform, temporary };
  const db = openDatabase({ platform, threads: 0, memoryLimit: undefined, workerUrl: new URL('file:///none') });
  try {
    await db.execute(SETUP);
    await db.execute(`SET temp_directory = '${folder}'`);
    const expected = (await db.execute(query)).rows();
    await db.execute('SET debug_force_external = true');
    await expect(db.execute(query)).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
    isFaulty = false;
    expect((await db.execute(query)).rows()).toEqual(expected);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    await db.close();
  }
}

describe.each(Object.entries(queries))('%s', { timeout: 60_000 }, (_, query) => {
  test('a full disk is told', () => {
    let writes = 0;
    const append: TemporaryFiles['append'] = (path, parts) =>
      nodeTemporaryFiles.append(++writes > 2 ? '/dev/full' : path, parts);
    return failing({ append }, query, /a temporary file can't be written: ENOSPC[\s\S]*make room there/);
  });

  test('a damaged file is told', () => {
    const read: TemporaryFiles['read'] = (path, offset, target) => {
      nodeTemporaryFiles.read(path, offset, target);
      if (target.length > 100) target[target.length >> 1]! ^= 4;
    };
    return failing({ read }, query, /the temporary file '.*' is damaged at byte \d+/);
  });

  test('a file that ends too early is told', () => {
    const append: TemporaryFiles['append'] = (path, parts) =>
      nodeTemporaryFiles.append(
        path,
        parts.map(p => p.subarray(0, p.length >> 1)),
      );
    return failing({ append }, query, /the temporary file '.*' is damaged/);
  });
});

test('what a killed process has left in a folder of its own goes with the next query there', {
  timeout: 60_000,
}, async () => {
  const program = `
    const { connect } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)});
    const db = connect({ threads: 0 });
    await db.execute(${JSON.stringify(`SET temp_directory = '${folder}'`)});
    await db.execute('SET debug_force_external = true');
    await db.execute('SELECT sum(n) FROM (SELECT rank() OVER (PARTITION BY i % 7 ORDER BY i) n FROM range(100000000) t(i))');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  const ended = new Promise(resolve => child.on('exit', resolve));
  const hasFiles = (): boolean =>
    existsSync(folder) && readdirSync(folder, { recursive: true }).some(name => String(name).endsWith('.rows'));
  while (!hasFiles() && child.exitCode === null) await new Promise(resolve => setTimeout(resolve, 20));
  child.kill('SIGKILL');
  await ended;
  expect(hasFiles()).toBe(true);
  const db = connect({ threads: 0 });
  await db.execute(`SET temp_directory = '${folder}'`);
  expect((await db.execute('SELECT 1')).rows()).toEqual([[1]]);
  expect(readdirSync(folder)).toEqual([]);
  await db.close();
});

test('without temporary files the error says so', { timeout: 60_000 }, async () => {
  const db = openDatabase({
    platform: { ...nodePlatform, name: 'browser', temporary: undefined },
    threads: 0,
    memoryLimit: 24 << 20,
    workerUrl: new URL('file:///none'),
  });
  const query = 'SELECT sum(n) FROM (SELECT rank() OVER (PARTITION BY i % 7 ORDER BY i) n FROM range(2000000) t(i))';
  await expect(db.execute(query)).rejects.toThrow(
    /of 24\.0 MiB are in use[\s\S]*\(operator window\)[\s\S]*rows cannot move to temporary files on this platform \(browser\)/,
  );
  await db.close();
});
