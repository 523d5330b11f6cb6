import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows, type Rows } from '../../src/batch/batch.ts';
import { AdaptiveOrder } from '../../src/functions/adaptive-order.ts';

/** A condition that keeps a part of the rows, and takes nanoseconds for each of them. */
type Condition = { readonly keeps: number; readonly takes: number; readonly isMovable?: boolean };

/** Runs batches of 1000 rows through conditions, and tells in which order the last of them met these. */
function orderOf(conditions: readonly Condition[], batches: number): { order: readonly number[]; changes: number } {
  let clock = 0;
  let met: number[] = [];
  const adaptive = new AdaptiveOrder(
    conditions.map(c => c.isMovable ?? true),
    () => clock,
  );
  for (let batch = 0; batch < batches; batch++) {
    met = [];
    adaptive.select(allRows(1000), (at, rows): Rows => {
      met.push(at);
      const { keeps, takes } = conditions[at]!;
      clock += (takes * rows.selected) / 1e6;
      return { count: rows.count, selection: 8, selected: keeps * rows.selected };
    });
  }
  return { order: met, changes: adaptive.changes };
}

test('what drops more in the same time goes first, what takes less for the same, and what drops nothing goes last', () => {
  expect(
    orderOf(
      [
        { keeps: 0.9, takes: 1 },
        { keeps: 0.1, takes: 1 },
      ],
      1,
    ),
  ).toEqual({ order: [0, 1], changes: 0 });
  expect(
    orderOf(
      [
        { keeps: 0.9, takes: 1 },
        { keeps: 0.1, takes: 1 },
      ],
      3,
    ),
  ).toEqual({ order: [1, 0], changes: 1 });
  expect(
    orderOf(
      [
        { keeps: 0.5, takes: 30 },
        { keeps: 0.5, takes: 2 },
      ],
      3,
    ).order,
  ).toEqual([1, 0]);
  expect(
    orderOf(
      [
        { keeps: 1, takes: 1 },
        { keeps: 0.9, takes: 500 },
        { keeps: 0.2, takes: 1 },
      ],
      3,
    ).order,
  ).toEqual([2, 1, 0]);
  // Hardly better is not worth it, and a clock may stand still.
  expect(
    orderOf(
      [
        { keeps: 0.55, takes: 1 },
        { keeps: 0.5, takes: 1 },
      ],
      99,
    ).changes,
  ).toBe(0);
  expect(
    orderOf(
      [
        { keeps: 0.9, takes: 0 },
        { keeps: 0.1, takes: 0 },
      ],
      3,
    ).order,
  ).toEqual([1, 0]);
});

test('nothing passes what must meet the same rows each time', () => {
  const barrier: Condition = { keeps: 0.9, takes: 100, isMovable: false };
  const [poor, good]: Condition[] = [
    { keeps: 0.9, takes: 1 },
    { keeps: 0.1, takes: 1 },
  ];
  expect(orderOf([poor!, barrier, good!], 99)).toEqual({ order: [0, 1, 2], changes: 0 });
  expect(orderOf([poor!, good!, barrier, poor!, good!], 99).order).toEqual([1, 0, 2, 4, 3]);
});

test('the order settles, and is never worse than the one written', () => {
  const condition = fc.record({
    keeps: fc.double({ min: 0.01, max: 1, noNaN: true }),
    takes: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(fc.array(condition, { minLength: 2, maxLength: 6 }), conditions => {
      const { order } = orderOf(conditions, 500);
      expect(orderOf(conditions, 600).order).toEqual(order);
      const costOf = (of: readonly number[]): number => {
        let [rows, cost] = [1, 0];
        for (const at of of) {
          cost += rows * conditions[at]!.takes;
          rows *= conditions[at]!.keeps;
        }
        return cost;
      };
      expect(costOf(order)).toBeLessThanOrEqual(costOf(conditions.map((_, i) => i)) * 1.000001);
    }),
  );
});

test('what is left does not depend on the order', () => {
  const adaptive = new AdaptiveOrder([true, true]);
  // Two rows of a hundred pass both.
  for (let batch = 0; batch < 40; batch++) {
    const kept = adaptive.select(allRows(100), (at, rows) => ({
      ...rows,
      selected: at === 0 ? Math.min(rows.selected, 2) : rows.selected,
    }));
    expect(kept.selected).toBe(2);
  }
  expect(adaptive.select({ ...allRows(9), selected: 0 }, () => expect.unreachable())).toEqual({
    ...allRows(9),
    selected: 0,
  });
});
