import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readUserModule, shippedUrl, shippedValue } from '../../../src/distribute/ray/user-modules.ts';
import {
  type UserCode,
  type UserFunction,
  userFunctionOf,
  userKey,
} from '../../../src/functions/user/user-function.ts';
import { INT32 } from '../../../src/types/data-type.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): (name: string) => string {
  const at = mkdtempSync(join(folder, 'x-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  }
  return name => pathToFileURL(join(at, name)).href;
}

const functionOf = (code: UserCode): UserFunction => ({
  name: 'f',
  args: [],
  returns: { type: INT32, nullable: false },
  vectorized: false,
  volatile: false,
  int64: 'number',
  code,
});

describe('what goes to a cluster', () => {
  const files = {
    'package.json': '{"type":"module"}',
    'src/f.js': "// from './gone.js'\nimport { one } from '../lib/one.js';\nexport default x => x + one;",
    'lib/one.js': "import fs from 'node:fs';\nexport { one } from './two.js';",
    'lib/two.js': 'export const one = 1;',
    'lib/other.js': 'is not imported',
  };

  test('a module with what it imports runs elsewhere', async () => {
    const { url, files: shipped } = await readUserModule('f', write(files)('src/f.js'));
    expect(url).toMatch(/^shipped:[0-9a-f]{64}\/src\/f\.js$/);
    const names = shipped.map(f => f.name.slice(65));
    expect(names).toEqual(['lib/one.js', 'lib/two.js', 'package.json', 'src/f.js']);
    const there = mkdtempSync(join(folder, 'there-'));
    for (const { name, bytes } of shipped) {
      mkdirSync(dirname(join(there, name)), { recursive: true });
      writeFileSync(join(there, name), bytes);
    }
    const at = shippedUrl(there, functionOf({ kind: 'module', url, export: 'default' }));
    expect(existsSync(fileURLToPath(at))).toBe(true);
    expect(((await import(at)) as { default: (x: number) => number }).default(1)).toBe(2);
  });

  test('is named by its content', async () => {
    const [a, b] = [write(files), write(files)];
    const c = write({ ...files, 'lib/two.js': 'export const one = 2;' });
    const urls = await Promise.all([a, b, c].map(async at => (await readUserModule('f', at('src/f.js'))).url));
    expect(urls[1]).toBe(urls[0]);
    expect(urls[2]).not.toBe(urls[0]);
  });

  test('is not what is not there', async () => {
    await expect(readUserModule('f', pathToFileURL(join(folder, 'no.js')).href)).rejects.toMatchObject({ code: 'io' });
  });
});

test('plans name the shipped module in the place of the file', () => {
  const key = userKey(functionOf({ kind: 'module', url: 'file:///a.js', export: 'g' }));
  const shipped = new Map([['file:///a.js', { url: 'shipped:0/a.js', files: [] }]]);
  const plan = { node: { overload: key, name: key }, other: { overload: 'plus' } };
  const text = JSON.stringify(plan, (name, value) => shippedValue(shipped, name, value));
  const { node, other } = JSON.parse(text) as typeof plan;
  expect(userFunctionOf(node.overload).code).toEqual({ kind: 'module', url: 'shipped:0/a.js', export: 'g' });
  expect(other.overload).toBe('plus');
  expect(() => JSON.stringify(plan, (name, value) => shippedValue(new Map(), name, value))).toThrow(/f/);
});

test.each([
  ['a file', 'file:///etc/x.js'],
  ['text', 'data:text/javascript,0'],
  ['another protocol', 'https://example.com/x.js'],
  ['a built-in module', 'node:fs'],
  ['a name that leads out', `shipped:${'0'.repeat(64)}/../../x.js`],
  ['a folder that is no hash', 'shipped:../x.js'],
  ['no file', `shipped:${'0'.repeat(64)}`],
  ['a name with NUL', `shipped:${'0'.repeat(64)}/x\0.js`],
])('a worker refuses %s', (_, url) => {
  expect(() => shippedUrl('/modules', functionOf({ kind: 'module', url, export: 'default' }))).toThrow(/f/);
});

test('a worker refuses a function of a program', () => {
  expect(() => shippedUrl('/modules', functionOf({ kind: 'local', id: 1 }))).toThrow(/f/);
});
