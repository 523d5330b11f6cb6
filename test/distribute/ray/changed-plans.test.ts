import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parse } from '../../../frontends/sql/index.ts';
import { encodeJson, type Frame, readFrames } from '../../../src/distribute/ray/frames.ts';
import { serveTasks } from '../../../src/distribute/ray/serve-tasks.ts';
import { cutStages } from '../../../src/distribute/stage.ts';
import { lowerSeparate } from '../../../src/lower/lower-separate.ts';
import { openSession } from '../../session/open-session.ts';

const { db, session } = await openSession(0);
afterAll(() => db.close());

const SQL = `SELECT x % 7 AS g, count(*) AS n, sum(x * 2) AS s, max(x || 'y') AS t FROM range(100) t(x)
  WHERE x % 3 = 1 AND sin(x) < 0.9 GROUP BY g`;
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a worker answers to tasks of these stages, one after another. */
async function answers(stages: readonly unknown[]): Promise<Frame[]> {
  const machine = await session.host.taskMachine(0);
  const [input, output] = [new PassThrough(), new PassThrough()];
  for (const stage of stages) {
    const order = { stage: { stage, analyze: false }, files: {} };
    const task = { task: 0, attempt: 0, output: null };
    for (const bytes of [...encodeJson('run', order), ...encodeJson('task', task)]) input.write(bytes);
  }
  input.end();
  const frames: Frame[] = [];
  const reading = (async () => {
    for await (const frame of readFrames(output)) frames.push(frame);
  })();
  await serveTasks(machine, readFrames(input), output, '/nowhere');
  output.end();
  await reading;
  return frames.filter(f => f.kind !== 'block');
}

/** Puts something else in one of a value's places. */
function changed(value: Json, place: number, to: Json | undefined): Json {
  let at = 0;
  const walk = (v: Json): Json | undefined => {
    if (at++ === place) return to;
    if (Array.isArray(v)) return v.map(walk).filter(item => item !== undefined);
    if (v === null || typeof v !== 'object') return v;
    return Object.fromEntries(
      Object.entries(v).flatMap(([key, item]) => {
        const kept = walk(item);
        return kept === undefined ? [] : [[key, kept]];
      }),
    );
  };
  return walk(value) ?? null;
}

test('a worker answers plans that were changed, and goes on', async () => {
  const bound = await session.bind(parse(SQL), {});
  const plan = lowerSeparate(await session.optimize(bound), { partitions: 2, broadcastRows: 0 });
  const good = JSON.parse(JSON.stringify(cutStages(plan)[0])) as Json;
  const places = JSON.stringify(good).split(/[,{[]/).length;
  const others = fc.constantFrom<Json | undefined>(undefined, null, true, 'x', '__proto__', [], {}, -1, 0.5, 3);
  await fc.assert(
    fc.asyncProperty(fc.nat(places), others, async (place, to) => {
      const [first, second, ...more] = await answers([changed(good, place, to), good]);
      expect(['done', 'error']).toContain(first?.kind);
      expect(second?.kind).toBe('done');
      expect(more).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
