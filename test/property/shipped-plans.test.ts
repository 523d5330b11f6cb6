import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameOf } from '../../frontends/dataframe/index.ts';
import type { Any } from '../../frontends/index.ts';
import { Connection } from '../../frontends/session/connection.ts';
import { Database } from '../../frontends/session/database.ts';
import { Engine } from '../../frontends/session/engine.ts';
import { FrameExecutor } from '../../frontends/session/frame-executor.ts';
import { Host } from '../../frontends/session/host.ts';
import { takeResult } from '../../frontends/session/result-set.ts';
import { Session } from '../../frontends/session/session.ts';
import { defaultSettings } from '../../frontends/session/settings.ts';
import { lower } from '../../src/lower/lower.ts';
import type { PhysicalPlan } from '../../src/operators/physical-plan.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import type { Schema } from '../../src/types/data-type.ts';
import { arbitraryChoices } from './choices.ts';
import { outcome } from './compare-results.ts';
import { FrameMaker } from './random-frame.ts';
import { randomTables } from './random-tables.ts';

const shipped = <T>(plan: T): T => JSON.parse(JSON.stringify(plan)) as T;

test('bound, optimized and physical plans give the same after a trip through JSON', { timeout: 120_000 }, async () => {
  const session = new Session(
    new Host(nodePlatform, Number.POSITIVE_INFINITY, new URL('file:///none')),
    defaultSettings(0),
  );
  const connection = Connection.to(new Engine(session));
  const db = new Database<Any>(connection);
  const run = async (plan: PhysicalPlan, schema: Schema) =>
    takeResult(session, schema, await session.execute(plan), undefined);
  await fc.assert(
    fc.asyncProperty(arbitraryChoices, async choices => {
      const { tables, script } = randomTables(choices);
      await db.execute(script);
      const { frame, ordered } = new FrameMaker(db, tables, choices).make(5);
      const query = `${script};\n${frame.toSQL()}`;
      const direct = frameOf(frame.query, new FrameExecutor(connection));
      const expected = await outcome(query, () => direct.executor.collect(direct.query, {}), ordered);
      const bound = await session.bind(shipped(frame.query), {});
      const trips = [
        () => session.plan(shipped(bound)),
        async () => lower(shipped(await session.optimize(bound))),
        async () => shipped(await session.plan(bound)),
      ];
      for (const trip of trips) {
        expect(await outcome(query, async () => run(await trip(), bound.output), ordered), query).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
  await db.close();
});
