import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  drawBelow,
  jumpFactor,
  multiplyModulo,
  nextSeed,
  RandomStream,
} from '../../../src/sources/tpch/random-stream.ts';

const MODULUS = 2147483647n;
const seeds = fc.oneof(fc.integer({ min: 1, max: 2147483646 }), fc.constantFrom(1, 2, 2147483645, 2147483646));

test('the next number is the last one times 16807 modulo 2^31 - 1', () => {
  fc.assert(
    fc.property(seeds, seed => {
      expect(BigInt(nextSeed(seed))).toBe((BigInt(seed) * 16807n) % MODULUS);
    }),
    { numRuns: 2000 },
  );
});

test('multiplication modulo 2^31 - 1 is exact', () => {
  fc.assert(
    fc.property(seeds, seeds, (a, b) => {
      expect(BigInt(multiplyModulo(a, b))).toBe((BigInt(a) * BigInt(b)) % MODULUS);
    }),
    { numRuns: 2000 },
  );
});

test('a jump goes where single steps go', () => {
  fc.assert(
    fc.property(seeds, fc.nat(300), (seed, steps) => {
      let walked = seed;
      for (let i = 0; i < steps; i++) walked = nextSeed(walked);
      expect(multiplyModulo(seed, jumpFactor(steps))).toBe(walked);
    }),
  );
});

test('jumps past 2^32 draws add up', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.integer({ min: 2 ** 33, max: 2 ** 44 }), (a, b) => {
      expect(multiplyModulo(jumpFactor(a), jumpFactor(b))).toBe(jumpFactor(a + b));
    }),
  );
});

test('a stream gives every unit its own numbers', () => {
  const walked = new RandomStream(209208115, 7, 0);
  for (let unit = 0; unit < 100; unit++) {
    expect(new RandomStream(209208115, 7, unit).seed).toBe(walked.seed);
    walked.nextUnit();
  }
});

test('draws stay below their range', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 2_000_000_000 }), (seed, range) => {
      const draw = drawBelow(seed, range);
      expect(draw).toBeGreaterThanOrEqual(0);
      expect(draw).toBeLessThan(range);
    }),
  );
});
