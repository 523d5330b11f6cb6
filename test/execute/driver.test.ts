import { expect, test, vi } from 'vitest';
import type { Batch } from '../../src/batch/batch.ts';
import { PartitionDriver } from '../../src/execute/driver.ts';
import type { Pipeline, PlacedNode } from '../../src/execute/pipeline.ts';
import type { PhysicalNode } from '../../src/operators/index.ts';
import type { OpenContext } from '../../src/protocol/context.ts';
import type { Operator } from '../../src/protocol/operator.ts';
import { EXHAUSTED, hasMore, NEED_MORE, ready, type Step } from '../../src/protocol/step.ts';
import { testContext } from '../support/engine.ts';

// Nodes of these tests carry their operators.
vi.mock('../../src/operators/index.ts', () => ({
  operatorOf: (node: { readonly operator: unknown }) => node.operator,
}));

const batch = (selected: number): Batch => ({ count: selected, selection: 0, selected, columns: [], split: 0 });

/** A driver over a source, transforms and a sink that answer as told, and the log of what they were asked. */
function drive(source: Step[], transforms: (readonly Step[])[], sink: Step[] = []) {
  const log: string[] = [];
  const answer = (name: string, steps: Step[], given?: Batch): Step => {
    log.push(given === undefined ? name : `${name} ${given.selected}`);
    return steps.shift() ?? NEED_MORE;
  };
  const place = (id: number, operator: Partial<Operator<unknown>>): PlacedNode => ({
    id,
    node: { kind: 'fake', operator } as unknown as PhysicalNode,
  });
  const pipeline: Pipeline = {
    id: 0,
    source: place(0, { source: { open: () => 0, pull: () => answer('pull', source), close: () => log.push('close') } }),
    transforms: transforms.map((given, i) => {
      const steps = [...given];
      return place(i + 1, {
        transform: {
          open: () => 0,
          push: (_, b) => answer(`push${i}`, steps, b),
          resume: () => answer(`resume${i}`, steps),
        },
      });
    }),
    sink: place(9, { sink: { open: () => 0, push: (_, b) => answer('sink', sink, b) } }),
    partitions: 1,
    firstClone: 0,
    sinkClones: 1,
    lastOfSink: true,
    lastOfTransform: transforms.map(() => true),
  };
  const { arena } = testContext();
  return { log, driver: new PartitionDriver(pipeline, 0, () => ({}) as OpenContext, arena) };
}

/** All turns of a driver that never has to wait. */
function runAll(driver: PartitionDriver): void {
  for (let turn = driver.turn(); turn !== 'done'; turn = driver.turn()) expect(turn).toBe('more');
}

test('each batch goes through to the sink before the next is pulled', () => {
  const { log, driver } = drive([ready(batch(1)), ready(batch(2)), EXHAUSTED], [[ready(batch(10)), NEED_MORE]]);
  runAll(driver);
  expect(log).toEqual(['pull', 'push0 1', 'sink 10', 'pull', 'push0 2', 'pull']);
});

test('what comes with the end of a source is handed on', () => {
  const { log, driver } = drive([{ status: 'exhausted', batch: batch(3) }], []);
  runAll(driver);
  expect(log).toEqual(['pull', 'sink 3']);
});

test('has-more: the last operator that said so is asked first', () => {
  const { log, driver } = drive(
    [ready(batch(1)), EXHAUSTED],
    [
      [hasMore(batch(10)), ready(batch(11))],
      [hasMore(batch(20)), ready(batch(21)), ready(batch(22))],
    ],
  );
  runAll(driver);
  expect(log).toEqual([
    'pull',
    'push0 1',
    'push1 10',
    'sink 20',
    'resume1',
    'sink 21',
    'resume0',
    'push1 11',
    'sink 22',
    'pull',
  ]);
});

test('exhausted: nothing above is asked again, what comes with it is handed on', () => {
  const { log, driver } = drive(
    [ready(batch(1)), ready(batch(2))],
    [[hasMore(batch(10)), ready(batch(11))], [{ status: 'exhausted', batch: batch(20) }]],
  );
  runAll(driver);
  expect(log).toEqual(['pull', 'push0 1', 'push1 10', 'sink 20']);
});

test('a sink that wants no more ends the partition', () => {
  const { log, driver } = drive([ready(batch(1)), ready(batch(2))], [], [EXHAUSTED]);
  runAll(driver);
  expect(log).toEqual(['pull', 'sink 1']);
});

test('pending: the same call is repeated when it can go on', async () => {
  const pending: Step = { status: 'pending', wake: Promise.resolve() };
  const { log, driver } = drive([pending, ready(batch(1)), EXHAUSTED], [], [pending]);
  const waited: unknown[] = [];
  for (let turn = driver.turn(); turn !== 'done'; turn = driver.turn()) {
    if (turn === 'more') continue;
    waited.push(await turn);
  }
  expect(waited).toHaveLength(2);
  expect(log).toEqual(['pull', 'pull', 'sink 1', 'sink 1', 'pull']);
});

test('a turn ends in time, also within the output of one batch', () => {
  const endless = Array.from({ length: 3 }, () => hasMore(batch(10)));
  const { log, driver } = drive([ready(batch(1)), EXHAUSTED], [endless]);
  const clock = vi.spyOn(performance, 'now');
  let now = 0;
  clock.mockImplementation(() => {
    now += 100;
    return now;
  });
  expect(driver.turn()).toBe('more');
  expect(log).toEqual(['pull', 'push0 1', 'sink 10']);
  runAll(driver);
  clock.mockRestore();
  expect(log).toEqual(['pull', 'push0 1', 'sink 10', 'resume0', 'sink 10', 'resume0', 'sink 10', 'resume0', 'pull']);
});
