import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeFolder } from '../../../src/distribute/ray/remove-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'rayexec-remove-'));
afterAll(() => rmSync(root, { recursive: true }));

function makeNode(name: string): string {
  const folder = join(root, 'gateway', name);
  mkdirSync(join(folder, 'query'), { recursive: true });
  writeFileSync(join(folder, 'query', '0.0.0.1'), 'x');
  writeFileSync(`${folder}.lock`, '');
  return folder;
}

test("a node's folder goes with its lock, the gateway's with the last of them", () => {
  const [a, b] = [makeNode('a'), makeNode('b')];
  removeFolder(a);
  expect([a, `${a}.lock`, b, `${b}.lock`].map(path => existsSync(path))).toEqual([false, false, true, true]);
  removeFolder(b);
  expect(existsSync(join(root, 'gateway'))).toBe(false);
  // It may have gone already.
  removeFolder(b);
});
