import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TEXT_POOL_SIZE, TextPool } from '../../../src/sources/tpch/text-pool.ts';

const STRETCH = 2 ** 18;

function piece(pool: TextPool, offset: number, length: number): string {
  const target = new Uint8Array(length + 64);
  pool.copy(offset, length, new DataView(target.buffer), 0);
  return new TextDecoder().decode(target.subarray(0, length));
}

test('starts as the reference does', () => {
  expect(piece(new TextPool(), 0, 201)).toBe(
    'furiously special foxes haggle furiously blithely ironic deposits. slyly final theodolites boost slyly even ' +
      'asymptotes. carefully final foxes wake furiously around the furiously bold deposits. foxes ar',
  );
});

test('every stretch ends where the next one starts', () => {
  const pool = new TextPool();
  // Generating a stretch throws if it misses its checkpoint.
  for (let offset = 0; offset < TEXT_POOL_SIZE; offset += STRETCH) expect(piece(pool, offset + 200, 1)).toHaveLength(1);
  expect(piece(pool, TEXT_POOL_SIZE - 198, 198)).toMatch(/^[ a-zA-Z.,;:?!-]{198}$/);
});

test('pieces fit together, also over the ends of stretches', () => {
  const pool = new TextPool();
  const offsets = fc.oneof(
    fc.nat(TEXT_POOL_SIZE - 400),
    fc.tuple(fc.integer({ min: 1, max: 1199 }), fc.integer({ min: -200, max: 200 })).map(([i, d]) => i * STRETCH + d),
  );
  fc.assert(
    fc.property(
      offsets,
      fc.integer({ min: 1, max: 198 }),
      fc.integer({ min: 1, max: 198 }),
      (offset, first, second) => {
        const whole = piece(pool, offset, first + second);
        expect(piece(pool, offset, first) + piece(pool, offset + first, second)).toBe(whole);
        expect(whole).not.toContain('  ');
      },
    ),
    { numRuns: 300 },
  );
});
