import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

// examples/server against the built package, in a process of its own: `load.ts` asks and tells what it saw.
const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

it('serves 50 requests at once, ends what is given up, and keeps its memory', {
  timeout: 120_000,
}, async () => {
  const args = ['--expose-gc', '--import', 'tsx', 'examples/server/load.ts', '2000'];
  const { stdout } = await run(process.execPath, args, { cwd: root, timeout: 100_000 });
  const seen = JSON.parse(stdout);
  expect(seen).toMatchObject({
    answers: { 200: 2_000 },
    different: 1,
    refused: [400, 404],
    slow: { status: 503, body: { error: 'timeout' } },
    afterGivingUp: 200,
  });
  expect(seen.slow.milliseconds).toBeLessThan(6_000);
  // What the first requests have left (caches, grown heaps) the others, nine times as many, hardly add to.
  expect(seen.grownMegabytes.objects).toBeLessThan(30);
  expect(seen.grownMegabytes.process).toBeLessThan(80);
});
