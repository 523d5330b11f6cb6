import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The packed tarball, unpacked into a project of its own with the dependencies beside it.
const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const project = mkdtempSync(join(tmpdir(), 'rayexec-package-'));
const installed = join(project, 'node_modules/rayexec');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

beforeAll(async () => {
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], { cwd: root });
  const tarball = join(project, `rayexec-${manifest.version}.tgz`);
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  for (const name of Object.keys(manifest.dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name), 'dir');
  }
}, 60_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

const node = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, args, { cwd: project, timeout: 25_000 })).stdout.trim();

const program = (threads: number): string => `
  const db = connect({ threads: ${threads} });
  await db.execute('SET inline_rows = 0');
  const { rows } = await db.sql('SELECT count(*) AS rows FROM tpch_orders(0.01)').one();
  const names = await db.from([{ id: 1, name: 'a' }, { id: 2, name: 'b' }]).filter(t => t.id.gt(1)).values('name');
  console.log(rows, names.join());
  await db.close();`;

describe.each([0, 2])('with %i threads', threads => {
  it('as a module', async () => {
    const text = `import { connect } from 'rayexec';${program(threads)}`;
    expect(await node('--input-type=module', '-e', text)).toBe('15000 b');
  });

  it('as CommonJS', async () => {
    const text = `const { connect } = require('rayexec');(async () => {${program(threads)}})()`;
    expect(await node('--input-type=commonjs', '-e', text)).toBe('15000 b');
  });
});

it.each(['rayexec/engine', 'rayexec/sql', 'rayexec/ray', 'rayexec/testing'])(
  '%s loads in both worlds, with the same names',
  async entry => {
    const names = 'console.log(Object.keys(m).filter(k => k !== "default" && k !== "module.exports").sort().join())';
    const esm = await node('--input-type=module', '-e', `import * as m from '${entry}';${names}`);
    expect(esm.length).toBeGreaterThan(0);
    expect(await node('--input-type=commonjs', '-e', `const m = require('${entry}');${names}`)).toBe(esm);
  },
);

it('holds every file that its manifest names', () => {
  const files = JSON.stringify([manifest.exports, manifest.bin, manifest.main, manifest.module, manifest.types])
    .match(/\.\/dist\/[^"]+/g)
    ?.filter(f => !existsSync(join(installed, f)));
  expect(files).toEqual([]);
});

it('runs nothing on installation and stays below 1.5 MB packed', () => {
  expect(Object.keys(manifest.scripts).filter(s => /^(pre|post)?install$|^prepare$/.test(s))).toEqual([]);
  expect(statSync(join(project, `rayexec-${manifest.version}.tgz`)).size).toBeLessThan(1_500_000);
});

it('lets a program end by itself, without close()', async () => {
  const text = `import { connect } from 'rayexec';
    const db = connect({ threads: 2 });
    await db.execute('SET inline_rows = 0');
    await db.sql('SELECT count(*) FROM tpch_orders(0.01)').collect();
    const end = performance.now();
    process.on('exit', () => console.log(performance.now() - end < 1000));`;
  expect(await node('--input-type=module', '-e', text)).toBe('true');
});
