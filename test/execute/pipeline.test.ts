import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Any } from '../../frontends/index.ts';
import type { Database } from '../../frontends/session/database.ts';
import type { Session } from '../../frontends/session/session.ts';
import { parseStatements } from '../../frontends/sql/index.ts';
import { cutPipelines, isLoop, type PlacedNode, type Work } from '../../src/execute/pipeline.ts';
import { loadOperators } from '../../src/operators/index.ts';
import { nodesOf } from '../../src/operators/physical-plan.ts';
import { openSession } from '../session/open-session.ts';

let db: Database<Any>;
let session: Session;
beforeAll(async () => {
  ({ db, session } = await openSession(0));
  await db.execute('CREATE TABLE t AS SELECT range AS k, range % 7 AS g FROM range(100)');
  await db.execute('CREATE TABLE u AS SELECT range AS k FROM range(1000)');
});
afterAll(() => db.close());

/** The pipelines of a query for four partitions, a line each: `source > transforms >> sink`, with the nodes' ids. */
async function pipelinesOf(sql: string): Promise<string> {
  const [statement] = parseStatements(sql);
  if (statement?.kind !== 'query') throw new Error(`not a query: ${sql}`);
  const bound = await session.bind(statement.query, {});
  const sink: PlacedNode = { id: -1, node: { kind: 'collect', types: [] } };
  const plan = await session.plan(bound);
  await loadOperators(nodesOf(plan));
  const { schedule } = cutPipelines(plan, sink, 4);
  const name = ({ id, node }: PlacedNode): string => `${node.kind}#${id}`;
  const linesOf = (works: readonly Work[]): readonly string[] =>
    works.flatMap(p => {
      if (isLoop(p)) return [`rounds of #${p.recursion}:`, ...linesOf(p.body).map(line => `  ${line}`)];
      const clones = `clones ${p.firstClone}-${p.firstClone + p.partitions - 1} of ${p.sinkClones}`;
      const flow = [p.source, ...p.transforms].map(name).join(' > ');
      return [`${p.id}: ${flow} >> ${name(p.sink)}, ${clones}${p.lastOfSink ? ', seals' : ''}`];
    });
  return `\n${linesOf(schedule).join('\n')}\n`;
}

test('what needs no other row flows through one pipeline', async () => {
  expect(await pipelinesOf('SELECT k + 1 AS x FROM t WHERE g * 2 > 3 AND k % 5 = 1')).toMatchInlineSnapshot(`
    "
    0: scan#0 > filter#1 > project#2 >> collect#-1, clones 0-0 of 1, seals
    "
  `);
});

test('an aggregate ends a pipeline and starts the next; a sort is handed on by one clone', async () => {
  expect(await pipelinesOf('SELECT g, count(*) AS n FROM t GROUP BY g ORDER BY n')).toMatchInlineSnapshot(`
    "
    0: scan#0 >> hash-aggregate#1, clones 0-0 of 1, seals
    1: hash-aggregate#1 >> sort#2, clones 0-3 of 4, seals
    2: sort#2 >> collect#-1, clones 0-0 of 1, seals
    "
  `);
});

test('a recursion stores the side of a join that stays the same before its rounds', async () => {
  const sql = 'WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT t.g FROM r JOIN t ON t.k = r.n) SELECT n FROM r';
  expect(await pipelinesOf(sql)).toMatchInlineSnapshot(`
    "
    0: values#0 > project#1 >> recursion#2, clones 0-0 of 1, seals
    1: scan#4 >> hash-join#5, clones 0-0 of 1, seals
    rounds of #2:
      2: recursion-scan#2 > hash-join#5 > project#6 >> recursion#2, clones 0-3 of 4, seals
    4: recursion-scan#2 >> collect#-1, clones 0-3 of 4, seals
    "
  `);
});

test('the stored side of a join comes first', async () => {
  expect(await pipelinesOf('SELECT t.g, u.k FROM u JOIN t ON t.k = u.k')).toMatchInlineSnapshot(`
    "
    0: scan#1 >> hash-join#2, clones 0-0 of 1, seals
    1: scan#0 > hash-join#2 > project#3 >> collect#-1, clones 0-0 of 1, seals
    "
  `);
});

test('a join that owes the rows without a match hands them on in a pipeline of its own, into the same sink', async () => {
  expect(await pipelinesOf('SELECT t.g, u.k FROM u FULL JOIN t ON t.k = u.k')).toMatchInlineSnapshot(`
    "
    0: scan#1 >> hash-join#2, clones 0-0 of 1, seals
    1: scan#0 > hash-join#2 > project#3 >> collect#-1, clones 0-0 of 5
    2: hash-join#2 > project#3 >> collect#-1, clones 1-4 of 5, seals
    "
  `);
});

test('the stored side of a join may come from a join', async () => {
  expect(
    await pipelinesOf('SELECT count(*) FROM u JOIN t ON t.k = u.k JOIN (SELECT k + 1 AS k FROM t) v ON v.k = u.k'),
  ).toMatchInlineSnapshot(`
    "
    0: scan#3 >> hash-join#4, clones 0-0 of 1, seals
    1: scan#2 > hash-join#4 >> hash-join#5, clones 0-0 of 1, seals
    2: scan#0 > project#1 > hash-join#5 >> ungrouped-aggregate#6, clones 0-0 of 1, seals
    3: ungrouped-aggregate#6 >> collect#-1, clones 0-0 of 1, seals
    "
  `);
});

test('UNION ALL feeds one sink from several pipelines, and the last one seals it', async () => {
  expect(
    await pipelinesOf('SELECT max(k) FROM (SELECT k FROM t UNION ALL SELECT k FROM u UNION ALL SELECT g FROM t)'),
  ).toMatchInlineSnapshot(`
    "
    0: scan#0 >> ungrouped-aggregate#5, clones 0-0 of 3
    1: scan#1 >> ungrouped-aggregate#5, clones 1-1 of 3
    2: scan#3 >> ungrouped-aggregate#5, clones 2-2 of 3, seals
    3: ungrouped-aggregate#5 >> collect#-1, clones 0-0 of 1, seals
    "
  `);
});

test('a common subplan is stored once, before both of its readers', async () => {
  expect(
    await pipelinesOf(
      'WITH c AS MATERIALIZED (SELECT g, count(*) AS n FROM t GROUP BY g) SELECT a.n FROM c a JOIN c b ON a.g = b.n',
    ),
  ).toMatchInlineSnapshot(`
    "
    0: scan#0 >> hash-aggregate#1, clones 0-0 of 1, seals
    1: hash-aggregate#1 >> materialize#2, clones 0-3 of 4, seals
    2: materialized-scan#2 > filter#5 >> hash-join#6, clones 0-3 of 4, seals
    3: materialized-scan#2 > hash-join#6 >> collect#-1, clones 0-3 of 4, seals
    "
  `);
});

test('a join over a condition of another kind stores its side too', async () => {
  expect(await pipelinesOf('SELECT count(*) FROM u LEFT JOIN t ON t.k < u.k')).toMatchInlineSnapshot(`
    "
    0: scan#1 >> nested-loop-join#2, clones 0-0 of 1, seals
    1: scan#0 > nested-loop-join#2 > project#3 >> ungrouped-aggregate#4, clones 0-0 of 1, seals
    2: ungrouped-aggregate#4 >> collect#-1, clones 0-0 of 1, seals
    "
  `);
});
