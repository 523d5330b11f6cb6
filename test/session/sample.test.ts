import { afterAll, expect, test } from 'vitest';
import { type Any, connect } from '../../frontends/index.ts';

const db = connect<Any>({ threads: 0 });
afterAll(() => db.close());
const numbers = db.fromColumns({ k: Array.from({ length: 20_000 }, (_, i) => i) });

test('n rows, each of the frame and at most once', async () => {
  for (const n of [0, 1, 100, 19_999, 20_000, 30_000]) {
    const rows = await numbers.sample({ n }).values('k');
    expect(rows.length).toBe(Math.min(n, 20_000));
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.every(k => Number.isInteger(k) && k >= 0 && k < 20_000)).toBe(true);
  }
});

test('a part of the rows, from all over the frame', async () => {
  const rows = await numbers.sample({ fraction: 0.1, seed: 3 }).values('k');
  // 2,000 are expected; so far off comes less often than once in 10⁹ times.
  expect(Math.abs(rows.length - 2000)).toBeLessThan(300);
  for (const from of [0, 5000, 10_000, 15_000]) {
    expect(rows.filter(k => k >= from && k < from + 5000).length).toBeGreaterThan(300);
  }
  expect(await numbers.sample({ fraction: 0 }).count()).toBe(0);
  expect(await numbers.sample({ fraction: 1 }).count()).toBe(20_000);
});

test('the same with the same seed, others with another', async () => {
  const sample = async (seed: number) => numbers.sample({ n: 50, seed }).sort('k').values('k');
  expect(await sample(7)).toEqual(await sample(7));
  expect(await sample(7)).not.toEqual(await sample(8));
});

test('is a frame like others, and what SQL says of it is the same', async () => {
  const sampled = numbers.sample({ n: 500, seed: 1 });
  expect(await sampled.filter(t => t.k.gte(0)).count()).toBe(500);
  expect(sampled.toSQL()).toMatch(/sample/i);
});
