import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../frontends/index.ts';
import { compile, messages } from '../types/compiler.ts';

// README's blocks of code, run in order as one program over files made here, with the built package.
const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].filter(m => m[1] === language).map(m => m[2]!);
const run = promisify(execFile);

// Inside of the package, so that it finds itself by its name.
let folder: string;

beforeAll(async () => {
  mkdirSync(join(root, 'data'), { recursive: true });
  folder = mkdtempSync(join(root, 'data/readme-'));
  mkdirSync(join(folder, 'orders'));
  symlinkSync(join(root, 'node_modules/vega-datasets/data/flights-3m.parquet'), join(folder, 'flights.parquet'));
  writeFileSync(join(folder, 'customers.csv'), 'id,country\n0,Chile\n1,Peru\n2,Chile\n');
  writeFileSync(join(folder, 'report.sql'), "SELECT 1 AS one, 'x' AS two;");
  const db = connect({ threads: 0 });
  for (const year of [2023, 2024, 2025]) {
    await db.execute(`
      COPY (SELECT range + ${year} * 1000 AS id, range % 3 AS customer, DATE '${year}-01-01' + (range % 365)::INT AS placed,
                   (range * 1.25)::DECIMAL(12, 2) AS total, CASE WHEN range % 10 = 0 THEN 'late' END AS note
            FROM range(5000)) TO '${join(folder, `orders/${year}.parquet`)}'`);
  }
  await db.close();
  const typegen = [join(root, 'dist/cli.js'), 'typegen', 'orders/*.parquet', 'customers.csv', '-o', 'shop.schema.ts'];
  await run(process.execPath, typegen, { cwd: folder });
  writeFileSync(join(folder, 'program.ts'), program);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const program = blocks('ts').join('\n');

test('the program has all of the blocks', () => expect(blocks('ts').length).toBeGreaterThanOrEqual(6));

test('its types hold, and those that comments show are those that are inferred', { timeout: 120_000 }, () => {
  const shown = [...program.matchAll(/const (\w+) = [^;]*;\n\/\/ {4}\^ (\{.*\}\[\])$/gm)];
  expect(shown.map(m => m[1])).toEqual(['rows', 'notes']);
  const place = relative(root, join(folder, 'program.ts'));
  const same = shown.map(
    ([, name, type], i) => `const s${i}: ${type} = ${name}; const b${i}: typeof ${name} = s${i}; void b${i};`,
  );
  const text = [program, ...same].join('\n');
  expect(
    messages(
      compile(place, () => text),
      place,
    ),
  ).toEqual([]);
});

test('it runs', { timeout: 60_000 }, async () => {
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', 'program.ts'], { cwd: folder });
  expect(stderr).toBe('');
  // The first program's tables, a query's, a template's, and plans.
  expect(stdout.startsWith(blocks('')[0]!)).toBe(true);
  for (const part of ['origin', 'Chile', 'share', 'optimized', 'hash-aggregate']) expect(stdout).toContain(part);
});

test('the commands do what is said', { timeout: 60_000 }, async () => {
  const commands = blocks('sh').find(b => b.includes('npx rayexec'))!;
  const script = commands.replaceAll('npx rayexec', `'${process.execPath}' '${join(root, 'dist/cli.js')}'`);
  const { stdout } = await run('bash', ['-ec', script], { cwd: folder });
  expect(stdout).toContain('ATL');
  expect(stdout).toContain('42');
  expect(readFileSync(join(folder, 'report.csv'), 'utf8')).toBe('one,two\n1,x\n');
});

test('the message of an error is the one that is shown', async () => {
  const db = connect({ threads: 0 });
  await db.execute(`CREATE VIEW late AS SELECT 'ATL' AS origin`);
  const [shown] = blocks('').filter(b => b.includes('Referenced column'));
  const error = await db.execute('SELECT origni FROM late').catch((e: Error) => e);
  expect((error as Error).message).toBe(shown!.trimEnd());
  await db.close();
});
