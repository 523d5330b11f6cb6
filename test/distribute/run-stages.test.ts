import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readResult } from '../../frontends/session/result-set.ts';
import { parse } from '../../frontends/sql/index.ts';
import { RayexecError } from '../../src/common/errors.ts';
import { finishPieces } from '../../src/common/pieces.ts';
import { runStages } from '../../src/distribute/local/run-stages.ts';
import { runTask, taskMessage } from '../../src/distribute/run-task.ts';
import { cutStages } from '../../src/distribute/stage.ts';
import type { Attempt } from '../../src/distribute/transport.ts';
import { MemoryTransport } from '../../src/distribute/transports/memory-transport.ts';
import { collectRows } from '../../src/execute/collect-rows.ts';
import { InlineRuntime } from '../../src/execute/inline.ts';
import type { Machine } from '../../src/execute/runtime.ts';
import { lowerSeparate } from '../../src/lower/lower-separate.ts';
import { openSession } from '../session/open-session.ts';

const { db, session } = await openSession(0);
afterAll(() => db.close());

await db.execute(`
  CREATE TABLE sales (shop INTEGER, item VARCHAR, price DECIMAL(9, 2));
  INSERT INTO sales SELECT range % 5, 'item ' || range % 11, range / 4 FROM range(400);
  INSERT INTO sales SELECT range % 7, 'item ' || range % 13, range FROM range(300);
  INSERT INTO sales SELECT NULL, NULL, range FROM range(3);
`);

const QUERIES = [
  'SELECT shop, count(*), sum(price), list(item ORDER BY item, price) FROM sales GROUP BY shop ORDER BY shop',
  `SELECT a.item, count(DISTINCT b.shop) FROM sales a LEFT JOIN sales b ON a.item = b.item AND b.price > 90
   GROUP BY a.item ORDER BY a.item LIMIT 9`,
  `WITH best AS (SELECT shop, max(price) AS price FROM sales GROUP BY shop)
   SELECT s.shop, s.item, s.price FROM sales s JOIN best USING (shop, price)
   WHERE s.price > (SELECT avg(price) FROM best) ORDER BY ALL`,
  `WITH RECURSIVE next(n, shop) AS (SELECT 1, 0 UNION ALL SELECT n + 1, s.shop FROM next JOIN
   (SELECT DISTINCT shop FROM sales) s ON s.shop = next.shop + 1) SELECT n, shop FROM next ORDER BY ALL`,
];

async function stagesOf(sql: string, broadcastRows = 0) {
  const bound = await session.bind(parse(sql), {});
  const plan = lowerSeparate(await session.optimize(bound), { partitions: 3, broadcastRows });
  return { stages: cutStages(plan), output: bound.output, machine: await session.host.machine() };
}

type Query = Awaited<ReturnType<typeof stagesOf>>;

/** Runs the last stage over what the others sent. */
async function rowsOf({ stages, output, machine }: Query, transport: MemoryTransport) {
  const root = await runStages(stages.slice(-1), {
    transport,
    client: machine,
    machineOf: () => session.host.taskMachine(0),
    options: {},
  });
  const rows = await collectRows(new InlineRuntime(machine), root.plan, { exchange: root.exchange });
  const result = finishPieces(readResult(machine.memory, output, rows.batches));
  const columns = output.map((_, i) => Array.from(result.column(i)));
  rows.release();
  return columns;
}

test.each(QUERIES)('attempts that are lost, or come twice, change nothing: %s', async sql => {
  const expected = await db.execute(sql);
  const columns = expected.raw.schema.map((_, i) => Array.from(expected.raw.column(i)));
  const query = await stagesOf(sql);
  // Each task: attempts that die after sending some blocks, then one or two that come through.
  const attempts = fc.array(fc.tuple(fc.nat(2), fc.boolean()), { minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(attempts, async fates => {
      const transport = new DyingTransport();
      let next = 0;
      for (const stage of query.stages.slice(0, -1)) {
        for (let task = 0; task < stage.tasks; task++) {
          const [deaths, twice] = fates[next++ % fates.length]!;
          for (let attempt = 0; attempt < deaths + (twice ? 2 : 1); attempt++) {
            transport.blocksLeft = attempt < deaths ? attempt : Number.POSITIVE_INFINITY;
            const machine = stage.onClient ? query.machine : await session.host.taskMachine(task);
            const run = runTask(machine, taskMessage(stage, task, attempt, 16), transport);
            if (attempt < deaths) await expect(run).rejects.toThrow('connection lost');
            else await run;
          }
        }
      }
      expect(await rowsOf(query, transport)).toEqual(columns);
    }),
    { numRuns: 10 },
  );
});

/** Loses an attempt's connection after some blocks. */
class DyingTransport extends MemoryTransport {
  blocksLeft = Number.POSITIVE_INFINITY;

  override send(from: Attempt, receiver: number, bytes: Uint8Array): void {
    if (this.blocksLeft-- <= 0) throw lost();
    super.send(from, receiver, bytes);
  }

  override async commit(from: Attempt): Promise<void> {
    if (this.blocksLeft !== Number.POSITIVE_INFINITY) throw lost();
    await super.commit(from);
  }
}

const lost = (): RayexecError => new RayexecError('io', 'connection lost');

test('a task is tried again when its transport fails, but not for ever, and not for an error of the query', async () => {
  const query = await stagesOf(QUERIES[0]!);
  const counting = (failures: number) => {
    const transport = new MemoryTransport();
    const tried: string[] = [];
    const commit = transport.commit.bind(transport);
    transport.commit = async from => {
      tried.push(`${from.stage}.${from.task}.${from.attempt}`);
      if (from.attempt < failures) throw lost();
      await commit(from);
    };
    return { transport, tried };
  };
  const run = (transport: MemoryTransport, { stages, machine }: Query) =>
    runStages(stages, { transport, client: machine, machineOf: t => session.host.taskMachine(t), options: {} });
  const twice = counting(2);
  await run(twice.transport, query);
  expect(twice.tried.slice(0, 4)).toEqual(['0.0.0', '0.0.1', '0.0.2', '0.1.0']);
  await expect(run(counting(3).transport, query)).rejects.toThrow('connection lost');
  const failing = await stagesOf('SELECT CAST(item AS INTEGER) AS n, count(*) FROM sales GROUP BY n');
  const once = counting(0);
  await expect(run(once.transport, failing)).rejects.toThrow(/'item \d+'/);
  expect(new Set(once.tried.map(t => t.split('.')[2]))).toEqual(new Set(['0']));
});

test('tasks leave their memories empty, and the client its own', async () => {
  const before = session.host.readyMachine.memory.bytesInUse;
  const machines = new Set<Machine>();
  for (const sql of [...QUERIES, 'SELECT CAST(item AS INTEGER) FROM sales WHERE price > 50 ORDER BY 1']) {
    await db.execute('SET separate_memory = true; SET partitions = 3');
    await db.execute(sql).catch(() => undefined);
  }
  await db.execute('SET separate_memory = false');
  for (let t = 0; t < 3; t++) machines.add(await session.host.taskMachine(t));
  expect(machines.size).toBe(3);
  expect([...machines].map(m => m.memory.bytesInUse)).toEqual([0, 0, 0]);
  expect(Math.max(...[...machines].map(m => m.memory.peakBytes))).toBeGreaterThan(0);
  expect(session.host.readyMachine.memory.bytesInUse).toBe(before);
});

test('a query of tasks can be cancelled, and streamed', async () => {
  await db.execute('SET separate_memory = true; SET partitions = 2');
  const frame = db.sql('SELECT count(*) FROM range(3000000) a(x) JOIN range(3000000) b(x) ON a.x = b.x');
  await expect(frame.collect({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: 'timeout' });
  let rows = 0;
  for await (const batch of db.sql('SELECT x FROM range(5000) t(x) ORDER BY x DESC').stream()) rows += batch.rowCount;
  expect(rows).toBe(5000);
  await db.execute('SET separate_memory = false');
});
