import { truncateSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/platform/node.ts';
import type { ByteSource, Platform } from '../../src/platform/platform.ts';
import { readCsv } from '../../src/sources/csv/read-csv.ts';
import { readJson } from '../../src/sources/json/read-json.ts';
import { ReadAhead } from '../../src/sources/read-ahead.ts';
import { TextWindow } from '../../src/sources/text-window.ts';
import { testContext } from '../support/engine.ts';
import { errorOf, read, repeatableRandom, TestFiles } from './file-cases.ts';

const files = new TestFiles();
const MIB = 1 << 20;

/** Lines of which some are longer than what is kept in front of a piece, and one than a piece. */
function manyLines(random: () => number): readonly string[] {
  const lines: string[] = [];
  for (let bytes = 0; bytes < 14 * MIB; bytes += lines.at(-1)!.length) {
    const kind = random();
    const length = lines.length === 900 ? 5 * MIB : kind < 0.01 ? 200_000 : kind < 0.2 ? 20_000 : 50;
    lines.push(`${lines.length},${'x'.repeat(Math.floor(random() * length))}`);
  }
  return lines;
}

/** Local files that are read aside as a test lets them: `hold` keeps reads from ending, `reads` counts them. */
class HeldPlatform {
  reads = 0;
  hold: Promise<void> | undefined;
  readonly platform: Platform = {
    ...nodePlatform,
    open: async path => {
      const file = await nodePlatform.open(path);
      const readAside: ByteSource['readAside'] = async (offset, target) => {
        this.reads++;
        await file.readAside!(offset, target);
        await this.hold;
      };
      return { ...file, readAside };
    },
  };
}

// With a single core there is nothing to be gained, and nothing is read aside.
describe.skipIf(availableParallelism() === 1)('reading ahead', () => {
  test('gives what reading at once does, whatever the lengths of lines', async () => {
    const lines = manyLines(repeatableRandom(3));
    const path = files.put('lines.csv', `n,t\n${lines.join('\n')}\n`);
    const options = { delim: ',', columns: { n: 'INT', t: 'VARCHAR' }, max_line_size: 16 * MIB };
    const held = new HeldPlatform();
    const ahead = await read(readCsv, path, options, { batchRows: 2048, platform: held.platform, once: true });
    expect(ahead.rows.map(r => `${r[0]},${r[1]}`)).toEqual(lines.map(l => l.replace(/,$/, ',null')));
    expect(held.reads).toBeGreaterThan(0);
  });

  test('reads the whole of files of many ranges, each byte once', async () => {
    const lines = Array.from({ length: 400_000 }, (_, i) => `{"n": ${i}, "t": "text of line ${i * 7919}"}`);
    const path = files.put('lines.ndjson', lines.join('\n'));
    const held = new HeldPlatform();
    const { source, rows } = await read(
      readJson,
      path,
      {},
      { columns: ['n'], batchRows: 2048, platform: held.platform, once: true },
    );
    expect(source.splits.length).toBeGreaterThan(3);
    expect(rows.length).toBe(lines.length);
    expect(rows.every(([n], i) => n === BigInt(i))).toBe(true);
    const { size } = await nodePlatform.open(path);
    expect(held.reads).toBe(Math.ceil(size / (4 * MIB)));
  });

  test('reads ranges in any order', async () => {
    const lines = Array.from({ length: 300_000 }, (_, i) => `${i},some text that makes lines longer ${i % 977}`);
    const path = files.put('ranges.csv', `n,t\n${lines.join('\n')}\n`);
    const sum = async (splits: readonly number[]): Promise<number> => {
      const { rows } = await read(readCsv, path, {}, { columns: ['n'], batchRows: 2048, once: true, splits });
      return rows.reduce((a, [n]) => a + Number(n), 0);
    };
    const whole = (lines.length * (lines.length - 1)) / 2;
    expect(await sum([0, 1, 2, 3])).toBe(whole);
    expect(await sum([3, 0, 1, 2])).toBe(whole);
    expect(await sum([0, 2])).toBe(whole - (await sum([1])) - (await sum([3])));
  });

  test('reads no more than is wanted where few rows are', async () => {
    const path = files.put('limit.csv', `n\n${'12345\n'.repeat(MIB)}`);
    const held = new HeldPlatform();
    const { rows } = await read(readCsv, path, {}, { limit: 3, splits: [0], platform: held.platform, once: true });
    expect([rows.length, held.reads]).toEqual([3, 0]);
  });

  test('tells that a file ends early when that is reached', async () => {
    const path = files.put('short.csv', `n\n${'12345\n'.repeat(2 * MIB)}`);
    const platform: Platform = {
      ...nodePlatform,
      open: async name => {
        const source = await nodePlatform.open(name);
        return {
          ...source,
          readAside: (offset, target) => {
            if (offset >= 8 * MIB) truncateSync(path, 9 * MIB);
            return source.readAside!(offset, target);
          },
        };
      },
    };
    const error = await errorOf(read(readCsv, path, {}, { batchRows: 2048, platform, once: true }));
    expect(error.code).toBe('io');
    expect(error.message).toMatch(/short.csv' ends at byte 9437184, \d+ bytes too early/);
  });

  test('keeps what is being written to until that has ended, however early it is closed', async () => {
    const ctx = testContext({ limit: 512 * MIB });
    const path = files.put('held.csv', 'n\n'.repeat(6 * MIB));
    const held = new HeldPlatform();
    const source = await held.platform.open(path);
    let letGo = (): void => {};
    held.hold = new Promise(resolve => {
      letGo = resolve;
    });
    const before = ctx.memory.bytesInUse;
    const window = new TextWindow(ctx.memory, ctx.owner, true);
    window.open(source, 0, source.size);
    const filling = window.fill();
    expect(filling).toBeInstanceOf(Promise);
    window.close();
    source.close();
    ctx.memory.freeOwner(ctx.owner);
    expect(ctx.memory.bytesInUse - before).toBeGreaterThan(8 * MIB);
    letGo();
    await filling;
    expect(ctx.memory.bytesInUse).toBe(before);
  });

  test('is closed between pieces, and after a failure', async () => {
    const { memory } = testContext({ limit: 512 * MIB });
    const source = await nodePlatform.open(files.put('closed.csv', 'n\n'.repeat(6 * MIB)));
    const before = memory.bytesInUse;
    for (const readAside of [source.readAside!, () => Promise.reject(new Error('broken'))]) {
      const ahead = ReadAhead.begin(memory, { ...source, readAside }, 0)!;
      const outcome = await ahead.next(0, 0).then(
        p => p?.end,
        e => (e as Error).message,
      );
      expect(outcome).toEqual(readAside === source.readAside ? expect.any(Number) : 'broken');
      ahead.close();
      ahead.close();
      for (let turn = 0; turn < 100 && memory.bytesInUse > before; turn++) await new Promise(r => setTimeout(r, 5));
      expect(memory.bytesInUse).toBe(before);
    }
    source.close();
  });

  test('is left where there is little memory, or little to read', async () => {
    const source = await nodePlatform.open(files.put('little.csv', 'n\n'.repeat(6 * MIB)));
    expect(ReadAhead.begin(testContext({ limit: 100 * MIB }).memory, source, 0)).toBeUndefined();
    const { memory } = testContext({ limit: 512 * MIB });
    expect(ReadAhead.begin(memory, source, 9 * MIB)).toBeUndefined();
    expect(ReadAhead.begin(memory, { ...source, readAside: undefined }, 0)).toBeUndefined();
    const full = memory.newOwner();
    memory.allocate(506 * MIB, full);
    const before = memory.bytesInUse;
    expect(ReadAhead.begin(memory, source, 0)).toBeUndefined();
    expect(memory.bytesInUse).toBe(before);
    source.close();
  });
});
