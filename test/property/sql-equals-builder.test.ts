import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';
import { arbitraryChoices } from './choices.ts';
import { outcome } from './compare-results.ts';
import { FrameMaker } from './random-frame.ts';
import { randomTables } from './random-tables.ts';

let db: Database<Any>;
beforeAll(() => {
  db = connect<Any>({ threads: 0 });
});
afterAll(() => db.close());

test('a builder chain gives what its SQL gives, in pipe syntax and classic', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryChoices, async choices => {
      const { tables, script } = randomTables(choices);
      await db.execute(script);
      const { frame, ordered } = new FrameMaker(db, tables, choices).make(5);
      const sql = frame.toSQL();
      const collect = (f: typeof frame) =>
        outcome(`${script};\n${sql}`, () => f.executor.collect(f.query, {}), ordered);
      const expected = await collect(frame);
      expect(await collect(db.sql(sql)), `${script};\n${sql}`).toEqual(expected);
      const classic = frame.toSQL({ classic: true });
      expect(classic).not.toContain('|>');
      expect(await collect(db.sql(classic)), `${script};\n${classic}`).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});
