import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bestOf } from '../support/best-of.ts';

const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** Runs a script without `close()` in a process of its own: what it wrote, and how long it lived on after that. */
function run(threads: number, sql: string): Promise<{ text: string; code: number | null; lingered: number }> {
  const script = `
    import { connect } from ${JSON.stringify(`file://${library}`)};
    const db = connect({ threads: ${threads} });
    await db.execute('SET inline_rows = 0');
    const result = await db.execute(${JSON.stringify(sql)});
    console.log(String(result.rows()[0][0]));
  `;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    let written = 0;
    child.stdout.on('data', data => {
      text += data;
      written = performance.now();
    });
    child.on('error', reject);
    child.on('close', code => resolve({ text, code, lingered: performance.now() - written }));
  });
}

describe.skipIf(!existsSync(library))('a script without close() (needs the built dist)', () => {
  for (const threads of [0, 2]) {
    test(`ends soon after its last await, and not before: ${threads} threads`, { timeout: 60_000 }, async () => {
      const sql = 'SELECT count(*) FROM range(12000) a(x), range(6000) b(y) WHERE (x * 7 + y) % 1000 = 1';
      const lingered = await bestOf(100, async () => {
        const { text, code, lingered } = await run(threads, sql);
        expect({ text, code }).toEqual({ text: '72000\n', code: 0 });
        return lingered;
      });
      expect(lingered).toBeLessThan(100);
    });
  }
});
