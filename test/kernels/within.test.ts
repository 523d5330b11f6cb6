import { expect, test } from 'vitest';
import { INT128 } from '../../src/types/data-type.ts';
import { testContext, vectorOf } from '../support/engine.ts';

test('all_within looks at values only: what stands at a NULL is left over from something else', () => {
  const ctx = testContext();
  const { kernels, memory } = ctx;
  const limit = vectorOf(ctx, INT128, [10n ** 38n]).data;
  const within = (values: readonly (bigint | null)[]): boolean => {
    const vector = vectorOf(ctx, INT128, values);
    values.forEach((v, i) => {
      if (v === null) memory.u8.fill(127, vector.data + 16 * i, vector.data + 16 * i + 16);
    });
    return Boolean(kernels.all_within(vector.data, vector.validity, values.length, limit));
  };
  expect(within([1n, null, -(10n ** 38n) + 1n])).toBe(true);
  expect(within([1n, null, -(10n ** 38n)])).toBe(false);
  expect(within([10n ** 38n])).toBe(false);
});
