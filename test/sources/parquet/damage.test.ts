import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RayexecError } from '../../../src/common/errors.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import type { ByteSource, Platform } from '../../../src/platform/platform.ts';
import { readRows } from './read-rows.ts';

const dir = join(dirname(fileURLToPath(import.meta.url)), 'files');
const files = readdirSync(dir)
  .filter(f => f.endsWith('.parquet'))
  .map(f => [f, readFileSync(join(dir, f))] as const);

/** A platform whose one file has these bytes. */
function withFile(bytes: Uint8Array, isRemote = false): Platform {
  const source: ByteSource = {
    path: 'damaged.parquet',
    size: bytes.length,
    isRemote,
    read: (offset, target) => {
      if (offset < 0 || offset + target.length > bytes.length) throw new RayexecError('io', 'the file ends early');
      target.set(bytes.subarray(offset, offset + target.length));
      return isRemote ? Promise.resolve() : undefined;
    },
    close: () => {},
  };
  return { ...nodePlatform, open: async () => source, glob: async path => [path] };
}

/** A generator of numbers below `n`, the same in every run. */
function generator(seed: number): (n: number) => number {
  let state = seed;
  return n => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** Reads damaged bytes: rows come, or an error that says what is wrong; never a trap, a hang, or lost memory. */
async function survives(bytes: Uint8Array, batchRows: number, isRemote: boolean): Promise<'rows' | 'error'> {
  try {
    await readRows('damaged.parquet', { platform: withFile(bytes, isRemote), batchRows });
    return 'rows';
  } catch (e) {
    if (!(e instanceof RayexecError) || e.code === 'internal') throw e;
    expect(['format', 'unsupported', 'io', 'bind', 'memory']).toContain(e.code);
    return 'error';
  }
}

describe('damaged files', () => {
  it.each(files)('are errors or other rows: bits flipped in %s', async (_, bytes) => {
    const next = generator(bytes.length);
    const outcomes = { rows: 0, error: 0 };
    for (let n = 0; n < 80; n++) {
      const copy = Uint8Array.from(bytes);
      const flips = 1 + next(3);
      // Half of them anywhere, half in the pages, which come first.
      const reach = n % 2 === 0 ? copy.length : copy.length >> 1;
      for (let k = 0; k < flips; k++) copy[next(reach)]! ^= 1 << next(8);
      outcomes[await survives(copy, [2048, 17][n % 2]!, n % 3 === 0)]++;
    }
    expect(outcomes.error).toBeGreaterThan(5);
  });

  it.each(files)('are errors or other rows: bytes replaced in %s', async (_, bytes) => {
    const next = generator(bytes.length + 1);
    for (let n = 0; n < 40; n++) {
      const copy = Uint8Array.from(bytes);
      const from = 4 + next(copy.length - 20);
      copy.fill([0, 255, 127, 128][n % 4]!, from, from + 1 + next(8));
      await survives(copy, 100, false);
    }
  });

  it.each(files)('are errors when cut: %s', async (_, bytes) => {
    const next = generator(bytes.length + 2);
    for (let n = 0; n < 12; n++) {
      expect(await survives(bytes.subarray(0, next(bytes.length)), 100, false)).toBe('error');
    }
    // The middle is missing, head and footer are there.
    const from = 10 + next(bytes.length >> 2);
    const holed = Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(from + 20)]);
    expect(await survives(holed, 100, false)).toBe('error');
  });

  it('tell what is wrong, and where', async () => {
    const [name, bytes] = files.find(([f]) => f === 'dictionary-v1.parquet')!;
    const { source } = await readRows(join(dir, name));
    const [offset] = (source.splits[1]!.state as unknown as { chunks: number[][] }).chunks[2]!;
    const copy = Uint8Array.from(bytes);
    copy.fill(255, offset!, offset! + 40);
    const error = await readRows('damaged.parquet', { platform: withFile(copy) }).catch((e: unknown) => e as Error);
    expect(error).toMatchObject({ code: 'format', where: "damaged.parquet, row group 1, column 'i32'" });
  });

  it.each([
    [Uint8Array.of(), /this is no Parquet file: it has 0 bytes only/],
    [new TextEncoder().encode('a,b,c\n1,2,3\n4,5,6\n'), /this is no Parquet file: it does not end with PAR1/],
    [
      new TextEncoder().encode('PAR1xxxxxxxxxxxx\xff\xff\xff\x7fPAR1'),
      /damaged footer: its length is \d+ in a file of/,
    ],
    [new TextEncoder().encode('PARE________PARE'), /encrypted/],
  ])('that are none are told apart', async (bytes, message) => {
    await expect(readRows('damaged.parquet', { platform: withFile(bytes) })).rejects.toThrow(message);
  });
});
