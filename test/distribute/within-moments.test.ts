import { expect, it } from 'vitest';
import { withinMoments } from '../../src/distribute/threads/within-moments.ts';

it('asks until something has come', () => {
  let asked = 0;
  expect(withinMoments(() => (++asked === 3 ? 'here' : undefined))).toBe('here');
  expect(asked).toBe(3);
});

it('gives up soon', () => {
  let asked = 0;
  const start = performance.now();
  expect(withinMoments(() => void asked++)).toBeUndefined();
  expect(asked).toBeGreaterThan(0);
  // A busy machine may take the thread its turn meanwhile.
  expect(performance.now() - start).toBeLessThan(500);
});
