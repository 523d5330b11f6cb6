import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RayexecError } from '../../frontends/index.ts';
import { damage, repeatableRandom } from '../sources/file-cases.ts';
import { openSession, places } from './open-session.ts';

// Readers alone, on the checked kernels, have tests of their own in test/sources; here whole queries on the released
// ones: whatever a file holds, the engine goes on and no memory stays in use.
const RUNS = 120;

const folder = mkdtempSync(join(tmpdir(), 'rayexec-damaged-'));
afterAll(() => rmSync(folder, { recursive: true }));

const flat = `SELECT range AS i, range * 1.5 AS f, 'text ' || range AS s, DATE '2020-01-01' + range::INT AS d,
  CASE WHEN range % 3 = 0 THEN range END AS n FROM range(500)`;
const nested = `SELECT range AS i, [range, NULL, 2] AS l, {'a': range, 'b': ['x' || range]} AS s FROM range(300)`;

const files: readonly (readonly [file: string, query: string, options: string])[] = [
  ['flat.parquet', flat, '(ROW_GROUP_SIZE 200)'],
  ['zstd.parquet', flat, "(COMPRESSION 'zstd')"],
  ['nested.parquet', nested, ''],
  ['plain.csv', flat, ''],
  ['packed.csv.gz', flat, ''],
  ['lines.json', nested, ''],
  ['packed.json.gz', nested, ''],
  ['flat.arrow', flat, ''],
  ['nested.arrow', nested, ''],
];

for (const { name, threads, skip } of places) {
  test.skipIf(skip).each(files)(`damaged copies of %s, ${name}`, { timeout: 120_000 }, async (file, query, options) => {
    const { db, bytesInUse } = await openSession(threads);
    const path = join(folder, file);
    await db.execute(`COPY (${query}) TO '${path}' ${options}`);
    const content = readFileSync(path);
    const random = repeatableRandom(file.length + threads);
    const damaged = join(folder, `damaged-${threads}-${file}`);
    writeFileSync(damaged, content);
    const whole = await db.execute(`SELECT count(*), max(i) FROM '${path}'`);
    const before = bytesInUse();
    let errors = 0;
    for (let run = 0; run < RUNS; run++) {
      writeFileSync(damaged, damage(content, random));
      try {
        await db.execute(`SELECT * FROM '${damaged}' ORDER BY 1`);
      } catch (error) {
        if (!(error instanceof RayexecError) || error.code === 'internal') throw error;
        errors++;
      }
      expect(bytesInUse(), `run ${run}`).toBe(before);
    }
    expect(errors).toBeGreaterThan(RUNS / 20);
    expect((await db.execute(`SELECT count(*), max(i) FROM '${path}'`)).rows()).toEqual(whole.rows());
    await db.close();
  });
}
