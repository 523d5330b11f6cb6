import { expect, test } from 'vitest';
import { explainTasks, traceOfTasks } from '../../src/execute/explain-tasks.ts';
import type { TaskRun } from '../../src/execute/profile.ts';

const run = (stage: number, task: number, start: number, end: number | undefined, sent: number): TaskRun => ({
  ...{ stage, task, start, end, sent },
  host: task === 0 ? 'a' : 'b',
  pid: 7 + task,
  received: stage * 512,
});
const runs = [
  run(0, 0, 1000, 1010.5, 2048),
  run(0, 1, 1001, undefined, 0),
  run(0, 1, 1020, 1030, 1024),
  run(1, 0, 1030, 1031, 0),
];

test('tasks as text: what ran, where, when, and what ran again', () => {
  expect(explainTasks(runs).join('\n')).toMatchInlineSnapshot(`
    "Query Stage #0: 2 tasks, 1 run again, 0.0 KiB read, 3.0 KiB sent
      task 0 on a (7): from 0.0 ms to 10.5 ms, 0.0 KiB read, 2.0 KiB sent
      task 1 on b (8): from 1.0 ms, died or gave rows that were lost, or replaced such
      task 1 on b (8): from 20.0 ms to 30.0 ms, 0.0 KiB read, 1.0 KiB sent
    Query Stage #1: 1 tasks, 0 run again, 0.5 KiB read, 0.0 KiB sent
      task 0 on a (7): from 30.0 ms to 31.0 ms, 0.5 KiB read, 0.0 KiB sent"
  `);
  expect(explainTasks([])).toEqual([]);
});

test('tasks as a trace', () => {
  const { traceEvents } = traceOfTasks(runs) as { traceEvents: Record<string, unknown>[] };
  expect(traceEvents.slice(0, 2).map(e => e['args'])).toEqual([{ name: 'a' }, { name: 'b' }]);
  expect(traceEvents[2]).toMatchObject({
    name: 'stage 0, task 0',
    ph: 'X',
    pid: 0,
    tid: 7,
    ts: 1_000_000,
    dur: 10_500,
  });
  expect(traceEvents[3]).toMatchObject({ name: 'stage 0, task 1', ph: 'i', pid: 1, tid: 8 });
});
