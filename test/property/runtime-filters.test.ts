import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Any } from '../../frontends/index.ts';
import { Connection } from '../../frontends/session/connection.ts';
import { Database } from '../../frontends/session/database.ts';
import { Engine } from '../../frontends/session/engine.ts';
import { Host } from '../../frontends/session/host.ts';
import { takeResult } from '../../frontends/session/result-set.ts';
import { Session } from '../../frontends/session/session.ts';
import { defaultSettings } from '../../frontends/session/settings.ts';
import type { PhysicalPlan } from '../../src/operators/physical-plan.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { arbitraryChoices, type Choices } from './choices.ts';
import { outcome } from './compare-results.ts';

/** The plan with no filter between its operators. */
const plain = (plan: PhysicalPlan): PhysicalPlan =>
  JSON.parse(JSON.stringify(plan, (name, value) => (name === 'runtimeFilters' ? undefined : value)));

const TYPES = ['TINYINT', 'UTINYINT', 'SMALLINT', 'INTEGER', 'UINTEGER', 'BIGINT', 'DECIMAL(9,1)', 'DATE', 'VARCHAR'];

/** Tables of keys of one type, near each other or far apart, with NULLs, in several segments. */
function script(choices: Choices): string {
  const type = choices.pick(TYPES);
  const isWide = choices.once(3) && ['INTEGER', 'UINTEGER', 'BIGINT'].includes(type);
  const value = (): string => {
    if (choices.once(6)) return 'NULL';
    const n = choices.below(12);
    if (type === 'DATE') return `DATE '2020-01-01' + ${n}`;
    if (type === 'VARCHAR') return `'${n}'`;
    return String(isWide ? n * 150_000_007 : n);
  };
  return ['a', 'b', 'c']
    .map(name => {
      const inserts = Array.from({ length: 1 + choices.below(3) }, () => {
        const rows = Array.from(
          { length: 1 + choices.below(9) },
          () => `(${value()}, ${value()}, ${choices.below(5)})`,
        );
        return `INSERT INTO ${name} VALUES ${rows.join(', ')}`;
      });
      return [`CREATE OR REPLACE TABLE ${name} (x ${type}, y ${type}, z INTEGER)`, ...inserts].join(';\n');
    })
    .join(';\n');
}

/** A relation with columns x, y and z: tables, joined, grouped, united and so on. */
function relation(choices: Choices, depth: number): string {
  if (depth === 0) {
    const table = choices.pick(['a', 'b', 'c']);
    return choices.once(2) ? `(SELECT * FROM ${table} WHERE z < ${choices.below(5)})` : table;
  }
  const inner = (): string => relation(choices, choices.below(depth));
  const condition = choices.pick(['l.x = r.x', 'l.y = r.x', 'l.x = r.y AND l.y = r.x', 'l.x = r.x AND l.z < r.z']);
  const side = choices.pick(['l', 'r']);
  switch (choices.below(9)) {
    case 0:
    case 1:
    case 2: {
      const type = choices.pick(['JOIN', 'JOIN', 'JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN']);
      return `(SELECT ${side}.x, r.y, l.z FROM ${inner()} l ${type} ${inner()} r ON ${condition})`;
    }
    case 3: {
      const not = choices.once(3) ? 'NOT ' : '';
      return `(SELECT * FROM ${inner()} l WHERE ${not}EXISTS (FROM ${inner()} r WHERE ${condition}))`;
    }
    case 4:
      return `(SELECT * FROM ${inner()} l WHERE x ${choices.once(3) ? 'NOT ' : ''}IN (SELECT y FROM ${inner()} r))`;
    case 5:
      return `(SELECT x, max(y) AS y, count(*)::INTEGER AS z FROM ${inner()} l GROUP BY ${choices.pick(['x', 'x, z', 'ROLLUP (x, z)'])})`;
    case 6:
      return `(SELECT x, min(y) OVER (PARTITION BY ${choices.pick(['x', 'z'])}) AS y, z FROM ${inner()} l)`;
    case 7:
      return `(${inner().replace(/^(\w+)$/, 'SELECT * FROM $1')} UNION ALL SELECT y, x, z FROM ${inner()} l)`;
    default:
      return `(SELECT y AS x, x AS y, z FROM ${inner()} l ${choices.pick(['', 'LIMIT 1000', 'ORDER BY z LIMIT 1000'])})`;
  }
}

test('filters between operators change no result', { timeout: 300_000 }, async () => {
  const session = new Session(
    new Host(nodePlatform, Number.POSITIVE_INFINITY, new URL('file:///none')),
    defaultSettings(0),
  );
  const db = new Database<Any>(Connection.to(new Engine(session)));
  let filtered = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryChoices, async choices => {
      const made = script(choices);
      await db.execute(made);
      await db.execute(`SET partitions = ${choices.pick([1, 3])}; SET batch_size = ${choices.pick([3, 8192])}`);
      const sql = `SELECT * FROM ${relation(choices, 3)} l`;
      const bound = await session.bind(db.sql(sql).query, {});
      const plan = await session.plan(bound);
      const run = async (p: PhysicalPlan) => takeResult(session, bound.output, await session.execute(p), undefined);
      if (JSON.stringify(plan).includes('runtimeFilters')) filtered++;
      const expected = await outcome(sql, () => run(plain(plan)), false);
      expect(await outcome(sql, () => run(plan), false), `${made};\n${sql}`).toEqual(expected);
    }),
    { numRuns: 600 },
  );
  expect(filtered).toBeGreaterThan(100);
  await db.close();
});
