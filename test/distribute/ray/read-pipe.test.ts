import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { encodeFrame, type Frame } from '../../../src/distribute/ray/frames.ts';
import { readPipe } from '../../../src/distribute/ray/read-pipe.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-pipe-'));
const path = join(folder, 'frames');
afterAll(() => rmSync(folder, { recursive: true }));

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

async function readAll(descriptor: number): Promise<Frame[]> {
  const found: Frame[] = [];
  for await (const frame of readPipe(descriptor)) found.push(frame);
  return found;
}

function expectSent(found: readonly Frame[], sent: readonly (readonly [number, number])[]): void {
  expect(found.map(f => f.numbers[0])).toEqual(sent.map(([n]) => n));
  for (const [i, [n, length]] of sent.entries()) {
    expect(found[i]!.isIntact).toBe(true);
    expect(Buffer.compare(found[i]!.bytes, bytesOf(n, length))).toBe(0);
  }
}

test('frames of any length come back, and what is cut off at the end does not', async () => {
  await fc.assert(
    fc.asyncProperty(frames, fc.nat({ max: 30 }), async (sent, less) => {
      const bytes = encoded(sent);
      writeFileSync(path, bytes.subarray(0, bytes.length - less));
      const descriptor = openSync(path, 'r');
      const found = await readAll(descriptor);
      closeSync(descriptor);
      if (less === 0) expect(found.length).toBe(sent.length);
      expect(less === 0 || sent.length === 0 || found.length < sent.length).toBe(true);
      expectSent(found, sent.slice(0, found.length));
    }),
    { numRuns: 60 },
  );
});

test('a pipe that fills slowly', async () => {
  const sent = [
    [1, 3],
    [2, 300_000],
    [3, 0],
    [4, 70_000],
    [5, 10],
  ] as const;
  const program = `
    import { readPipe } from ${JSON.stringify(new URL('../../../src/distribute/ray/read-pipe.ts', import.meta.url).href)};
    const lengths = [];
    for await (const f of readPipe(0)) lengths.push([f.numbers[0], f.bytes.length, f.isIntact]);
    console.log(JSON.stringify(lengths));`;
  const reader = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const bytes = encoded(sent);
  const writing = (async () => {
    for (let at = 0; at < bytes.length; at += 50_021) {
      reader.stdin.write(bytes.subarray(at, at + 50_021));
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    reader.stdin.end();
  })();
  let told = '';
  for await (const data of reader.stdout) told += String(data);
  await writing;
  expect(JSON.parse(told)).toEqual(sent.map(([n, length]) => [n, length, true]));
});
