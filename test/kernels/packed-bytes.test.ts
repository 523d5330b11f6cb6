import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { wasm } from '../../src/kernels/generated/kernels.ts';
import { unpackBytes } from '../../src/kernels/packed-bytes.ts';

it('unpacks the kernels from their text', () => {
  const file = readFileSync(new URL('../../src/kernels/generated/kernels.wasm', import.meta.url));
  expect(Buffer.compare(unpackBytes(wasm), file)).toBe(0);
  // Every byte value was there to be packed.
  expect(new Set(file).size).toBe(256);
});

it('packs into characters that need no escape in strings or scripts', () => {
  expect(wasm).toMatch(/^[\x20-\x7e]*$/);
  expect(wasm).not.toMatch(/["'`\\$<]/);
  expect(wasm.length).toBeLessThan(1.1 * unpackBytes(wasm).length);
});
