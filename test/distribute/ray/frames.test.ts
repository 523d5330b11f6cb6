import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeJson, encodeFrame, encodeJson, type Frame, readFrames } from '../../../src/distribute/ray/frames.ts';

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const f of readFrames(chunks)) frames.push({ ...f, bytes: f.bytes.slice() });
  return frames;
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const blocks = fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.uint8Array({ maxLength: 60 })), { minLength: 1 });

test('frames come back however the stream is cut', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(blocks, sizes, async (sent, cuts) => {
      const bytes = joined(sent.flatMap(([a, b, c, data]) => encodeFrame('block', [a, b, c], data)));
      const frames = await read(cut(bytes, cuts));
      expect(frames.map(f => [...f.numbers, f.bytes])).toEqual(sent);
      expect(frames.every(f => f.kind === 'block' && f.isIntact)).toBe(true);
    }),
  );
});

test('a changed byte of a block is noticed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (data, at, change) => {
        const bytes = joined(encodeFrame('block', [1, 2, 3], data));
        bytes[24 + (at % data.length)]! ^= change;
        expect((await read(cut(bytes, [1000]))).map(f => f.isIntact)).toEqual([false]);
      },
    ),
  );
});

test('JSON goes along', async () => {
  const [frame] = await read(cut(joined(encodeJson('lost', [3, 4], 7)), [5]));
  expect(frame).toMatchObject({ kind: 'lost', numbers: [7, 0, 0], isIntact: true });
  expect(decodeJson(frame!)).toEqual([3, 4]);
});
