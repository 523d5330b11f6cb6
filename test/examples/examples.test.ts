import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

// Each example runs against the built package, as a reader would run it: npx tsx examples/<name>.ts
// What it prints is compared with examples/expected/<name>.txt; `npx vitest run test/examples -u` writes those anew.
const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const stories = readdirSync(resolve(root, 'examples')).filter(
  f => f.endsWith('.ts') && !/^(dataset|demo)\.ts$/.test(f),
);

/** What differs between runs: times, and estimates, which may become better. */
const masked = (text: string): string =>
  text.replace(/\d+(\.\d+)? (ms|s)\b/g, '<time>').replace(/~\d+ rows/g, '~<rows>');

it('there are at least six', () => expect(stories.length).toBeGreaterThanOrEqual(6));

it.each(stories)('%s prints what it should', { timeout: 120_000 }, async story => {
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', `examples/${story}`], { cwd: root });
  expect(stderr).toBe('');
  await expect(masked(stdout)).toMatchFileSnapshot(resolve(root, 'examples/expected', story.replace('.ts', '.txt')));
});
