import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame } from '../../../src/distribute/ray/frames.ts';

/** Small ones, and such as are about as large, or larger, than what is read at once. */
const lengths = fc.oneof(
  fc.nat({ max: 100 }),
  fc.integer({ min: 65_400, max: 65_700 }),
  fc.integer({ min: 131_000, max: 131_200 }),
  fc.constantFrom(1_000_000),
);
const frames = fc.array(fc.tuple(fc.nat(9), lengths), { maxLength: 8 });

/** Bytes that tell frames, and places in them, apart. */
const bytesOf = (number: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + number * 7) & 255);

const encoded = (sent: readonly (readonly [number, number])[]): Buffer =>
  Buffer.concat(sent.flatMap(([n, length]) => encodeFrame('block', [n, 0, 0], bytesOf(n, length))));

/** Writes on its output the numbers of the frames on its input, and a hash of their bytes. */
const READER = `
  import { createHash } from 'node:crypto';
  import { readPipe } from ${JSON.stringify(new URL('../../../src/distribute/ray/read-pipe.ts', import.meta.url).href)};
  const told = [];
  for await (const { numbers, bytes, isIntact } of readPipe(0)) {
    told.push([numbers[0], bytes.length, isIntact, createHash('md5').update(bytes).digest('hex')]);
    if (numbers[0] === 1) await new Promise(resolve => setTimeout(resolve, 1));
  }
  console.log(JSON.stringify(told));`;

/** What it tells of bytes that come in parts of these sizes. */
async function read(bytes: Uint8Array, sizes: readonly number[]): Promise<unknown> {
  const reader = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', READER], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const writing = (async () => {
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const size = sizes[i % sizes.length]!;
      if (!reader.stdin.write(bytes.subarray(at, at + size))) await once(reader.stdin, 'drain');
      if (i % 5 === 0) await new Promise(resolve => setTimeout(resolve, 1));
      at += size;
    }
    reader.stdin.end();
  })();
  let told = '';
  for await (const data of reader.stdout) told += String(data);
  await writing;
  return JSON.parse(told);
}

const hashOf = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

test('frames of any length come back from a pipe, however it fills, and what is cut off at the end does not', async () => {
  const sizes = fc.array(fc.constantFrom(7, 1000, 70_000, 3_000_000), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(frames, sizes, fc.nat({ max: 30 }), async (sent, cuts, less) => {
      const bytes = encoded(sent);
      const whole = sent.map(([n, length]) => [n, length, true, hashOf(bytesOf(n, length))]);
      const found = (await read(
        bytes.subarray(0, bytes.length - less),
        bytes.length > 1e5 ? [70_000] : cuts,
      )) as unknown[];
      expect(found).toEqual(whole.slice(0, found.length));
      if (less === 0 || sent.length === 0) expect(found.length).toBe(sent.length);
      else expect(found.length).toBeLessThan(sent.length);
    }),
    { numRuns: 12 },
  );
}, 60_000);
