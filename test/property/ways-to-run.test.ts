import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Any, connect } from '../../frontends/index.ts';
import { arbitraryChoices } from './choices.ts';
import { outcome } from './compare-results.ts';
import { FrameMaker } from './random-frame.ts';
import { randomTables } from './random-tables.ts';

const plain = {
  enable_optimizer: 'true',
  partitions: '1',
  batch_size: '8192',
  threads: '0',
  inline_rows: '0',
  separate_memory: 'false',
  broadcast_rows: '500000',
};
type Settings = Readonly<Partial<typeof plain>>;

/** Runs random queries plainly and in other ways, none of which may change a result. */
async function expectSame(ways: Readonly<Record<string, Settings>>, numRuns: number): Promise<void> {
  const db = connect<Any>({ threads: 0 });
  const set = async (settings: Settings): Promise<void> => {
    for (const [name, value] of Object.entries({ ...plain, ...settings })) await db.execute(`SET ${name} = ${value}`);
  };
  await fc.assert(
    fc.asyncProperty(arbitraryChoices, async choices => {
      const { tables, script } = randomTables(choices);
      await set({});
      await db.execute(script);
      const { frame, ordered } = new FrameMaker(db, tables, choices).make(5);
      const query = `${script};\n${frame.toSQL()}`;
      const collect = () => outcome(query, () => frame.executor.collect(frame.query, {}), ordered);
      const expected = await collect();
      for (const [way, settings] of Object.entries(ways)) {
        await set(settings);
        const actual = await collect();
        // Which of the rows that no result needs are computed, and so can fail, is up to the plan.
        if (typeof expected !== 'string' && typeof actual !== 'string')
          expect(actual, `${way}: ${query}`).toEqual(expected);
      }
    }),
    { numRuns },
  );
  await db.close();
}

test(
  'the same with and without optimizer, in one and four partitions, in batches of 1, 3 and 8,192 rows',
  {
    timeout: 300_000,
  },
  () =>
    expectSame(
      {
        'not optimized': { enable_optimizer: 'false' },
        'four partitions': { partitions: '4' },
        'batches of one row': { batch_size: '1' },
        'batches of three rows': { batch_size: '3', partitions: '4' },
        'not optimized, four partitions, batches of three rows': {
          enable_optimizer: 'false',
          partitions: '4',
          batch_size: '3',
        },
      },
      500,
    ),
);

test('the same in tasks that share no memory, with and without broadcasts', { timeout: 300_000 }, () =>
  expectSame(
    {
      'one task': { separate_memory: 'true' },
      'four tasks': { separate_memory: 'true', partitions: '4' },
      'seven tasks, no broadcasts, batches of three rows, not optimized': {
        separate_memory: 'true',
        partitions: '7',
        broadcast_rows: '0',
        batch_size: '3',
        enable_optimizer: 'false',
      },
      'two tasks, no broadcasts': { separate_memory: 'true', partitions: '2', broadcast_rows: '0' },
    },
    300,
  ),
);

const workerIsBuilt = existsSync(new URL('../../dist/worker.js', import.meta.url));

test.skipIf(!workerIsBuilt)(
  'the same inline and on two threads (needs the built dist/worker.js)',
  { timeout: 300_000 },
  () =>
    expectSame(
      { 'two threads': { threads: '2' }, 'two threads, batches of three rows': { threads: '2', batch_size: '3' } },
      300,
    ),
);
