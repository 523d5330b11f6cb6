import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Any } from '../../frontends/index.ts';
import { Connection } from '../../frontends/session/connection.ts';
import { Database } from '../../frontends/session/database.ts';
import { Engine } from '../../frontends/session/engine.ts';
import { Host } from '../../frontends/session/host.ts';
import { Session } from '../../frontends/session/session.ts';
import { defaultSettings } from '../../frontends/session/settings.ts';
import { optimize } from '../../src/optimize/optimizer.ts';
import { optimizerRules } from '../../src/optimize/rule-names.ts';
import { isSimple, simpleSteps } from '../../src/optimize/simple-steps.ts';
import { defaultSteps } from '../../src/optimize/steps.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { arbitraryChoices } from './choices.ts';
import { FrameMaker } from './random-frame.ts';
import { randomTables } from './random-tables.ts';

test('the names of all rules are known', () => {
  expect(optimizerRules).toEqual([...new Set(defaultSteps.flatMap(s => s.rules.map(r => r.name)))].sort());
});

test('a simple plan becomes what all rules would make of it', { timeout: 120_000 }, async () => {
  const session = new Session(
    new Host(nodePlatform, Number.POSITIVE_INFINITY, new URL('file:///none')),
    defaultSettings(0),
  );
  const db = new Database<Any>(Connection.to(new Engine(session)));
  let simple = 0;
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryChoices, async choices => {
      const { tables, script } = randomTables(choices);
      await db.execute(script);
      const { frame } = new FrameMaker(db, tables, choices).make(2);
      const bound = await session.bind(frame.query, {});
      if (!isSimple(bound.plan)) return;
      simple++;
      const some = optimize(bound, { steps: simpleSteps });
      if (some !== bound) changed++;
      expect(some, frame.toSQL()).toEqual(optimize(bound));
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(simple, changed)).toBeGreaterThan(30);
  await db.close();
});
