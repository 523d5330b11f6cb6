import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { asConstant } from '../../src/batch/builder.ts';
import { finishPieces } from '../../src/common/pieces.ts';
import { SpillStore } from '../../src/memory/spill-store.ts';
import { FILTER_SLOT, filterForm, setFilterForm } from '../../src/operators/lib/filters/filter-slot.ts';
import { moveBound } from '../../src/operators/lib/filters/moving-bound.ts';
import { ScanFilters } from '../../src/operators/lib/filters/scan-filters.ts';
import { noteKeys, rangedKeys, sealFilters } from '../../src/operators/lib/joins/join-filters.ts';
import { type HashJoinNode, joinShape } from '../../src/operators/lib/joins/join-shape.ts';
import { emptyRange, widenRange } from '../../src/operators/lib/rows/integer-key.ts';
import { packRows } from '../../src/operators/lib/rows/pack-rows.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import type { OpenContext } from '../../src/protocol/context.ts';
import { type DataType, INT64 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { positionsOf, testContext, vectorOf } from '../support/engine.ts';
import { input } from './run-operator.ts';

/** A filter as a join makes it of these keys; NULLs were left out. */
function filterOf(type: DataType, stored: readonly RawValue[]) {
  const engine = testContext();
  const { memory, kernels, arena, owner } = engine;
  const slot = arena.allocZeroed(FILTER_SLOT.bytes);
  const ctx: OpenContext = {
    ...engine,
    platform: nodePlatform,
    spill: new SpillStore(engine.memory, nodePlatform, undefined),
    partition: 0,
    partitions: 1,
    batchRows: 2048,
    shared: 0,
    filterSlot: id => (id === 7 ? slot : 0),
    lasting: { owner, states: new Map(), threadPartition: 0, threadPartitions: 1 },
    cancelled: () => false,
  };
  const node: HashJoinNode = {
    kind: 'hash-join',
    joinType: 'inner',
    probeKeys: [input(0, type)],
    buildKeys: [input(0, type)],
    nullsEqual: [false],
    probeTypes: [type],
    buildTypes: [type],
    filters: [{ id: 7, key: 0 }],
  };
  const shape = joinShape(node);
  const range = emptyRange(arena);
  const values = vectorOf(engine, type, stored);
  const rows = allRows(stored.length);
  widenRange(kernels, rangedKeys(node)[0]!.integer, range, values, rows);
  finishPieces(sealFilters(node, ctx, stored.length, () => [range], undefined));
  const address = arena.allocZeroed((stored.length + 1) * shape.rowBytes);
  packRows(ctx, shape.buildKey, [values], rows, { address, rowBytes: shape.rowBytes });
  noteKeys(node, shape, ctx, { address, count: stored.length }, 0, false);
  const open = (id = 7) => new ScanFilters([{ id, key: input(0, type) }], ctx);
  const kept = (filters: ScanFilters, probed: readonly RawValue[]): number[] => {
    const rows = [...filters.bounds, ...filters.lookups][0]!.select(
      [vectorOf(engine, type, probed)],
      allRows(probed.length),
    );
    return rows.selected === 0 ? [] : positionsOf(engine, rows);
  };
  const bound = (keeps: '<=' | '>=') => new ScanFilters([{ id: 7, key: input(0, type), keeps }], ctx);
  const move = (keeps: '<=' | '>=', to: RawValue): void =>
    moveBound(memory, slot, keeps, asConstant(vectorOf(engine, type, [to]), 1));
  const reset = (): void => setFilterForm(memory, slot, 'absent');
  return { form: () => filterForm(memory, slot), open, kept, bound, move, reset };
}

const INTEGERS = ([8, 16, 32, 64] as const).flatMap(bits =>
  [true, false].map(signed => [`${signed ? '' : 'u'}int${bits}`, { kind: 'int', bits, signed }] as const),
);

describe.each(INTEGERS)('filters of %s', (_, type) => {
  const size = 2n ** BigInt(type.bits);
  const least = type.signed ? -(size / 2n) : 0n;
  const raw = (v: bigint): RawValue => (type.bits === 64 ? v : Number(v));
  const near = fc.bigInt({ min: 0n, max: 60n });
  const far = fc.bigInt({ min: 0n, max: size - 1n });
  const value = fc
    .oneof(
      near,
      near,
      near.map(v => size - 1n - v),
      far,
    )
    .map(v => v + least);
  test('find all values that were stored, bitmaps no other', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), fc.array(value, { maxLength: 40 }), (stored, others) => {
        const { form, open, kept } = filterOf(type, stored.map(raw));
        const probed = [...stored, ...others];
        const found = kept(open(), probed.map(raw));
        const expected = probed.flatMap((v, i) => (stored.includes(v) ? [i] : []));
        if (form() === 'bloom') expect(found).toEqual(expect.arrayContaining(expected));
        else expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
  test('bounds keep what is not beyond the furthest of them', () => {
    const nullable = fc.option(value, { freq: 4 });
    fc.assert(
      fc.property(
        fc.array(nullable, { maxLength: 40 }),
        fc.array(value, { maxLength: 4 }),
        fc.constantFrom('<=', '>='),
        (probed, moves, keeps) => {
          const { bound, kept, move, reset } = filterOf(type, []);
          reset();
          const filters = bound(keeps);
          const given = probed.map(v => (v === null ? null : raw(v)));
          expect(kept(filters, given)).toEqual(given.map((_, i) => i));
          let furthest: bigint | undefined;
          for (const to of moves) {
            move(keeps, raw(to));
            if (furthest === undefined || (keeps === '<=' ? to < furthest : to > furthest)) furthest = to;
            const within = (v: bigint) => (keeps === '<=' ? v <= furthest! : v >= furthest!);
            expect(kept(bound(keeps), given)).toEqual(probed.flatMap((v, i) => (v !== null && within(v) ? [i] : [])));
            const range = (v: bigint) => ({ type, value: type.bits === 64 ? String(v) : Number(v) });
            for (const v of probed) {
              if (v === null) continue;
              const split = { rows: 9, ranges: { 3: { min: range(v), max: range(v) } }, state: null };
              expect(bound(keeps).skips(split, () => 3)).toBe(!within(v));
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
  test('skip splits in whose range nothing was stored, and no others', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 10 }), value, value, fc.boolean(), (stored, a, b, isExact) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const bound = (v: bigint) => ({
          type: isExact ? type : INT64,
          value: type.bits === 64 ? String(v) : Number(v),
        });
        const { form, open } = filterOf(type, stored.map(raw));
        const split = { rows: 9, ranges: { 3: { min: bound(low), max: bound(high) } }, state: null };
        const isNeeded = stored.some(v => v >= low && v <= high);
        const skips = open().skips(split, () => 3);
        if (isNeeded) expect(skips).toBe(false);
        else if (form() !== 'bloom') expect(skips).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

test('nothing passes where nothing was stored', () => {
  const { form, open, kept } = filterOf(INT64, []);
  expect(form()).toBe('nothing');
  expect(kept(open(), [1n, 2n])).toEqual([]);
  expect(open().skips({ rows: 5, state: null }, () => 0)).toBe(true);
});

test('splits of NULLs are skipped, and those of which nothing is known are not', () => {
  const { open } = filterOf(INT64, [1n]);
  expect(open().skips({ rows: 5, ranges: { 0: { nullCount: 5 } }, state: null }, () => 0)).toBe(true);
  expect(open().skips({ rows: 5, ranges: { 0: { nullCount: 4 } }, state: null }, () => 0)).toBe(false);
  expect(open().skips({ rows: 5, state: null }, () => 0)).toBe(false);
});

test('a filter that was never made lets everything pass', () => {
  const filters = filterOf(INT64, [1n]).open(8);
  expect(filters.lookups).toEqual([]);
});

test('a filter that keeps nearly everything pauses, and is tried again later', () => {
  const { open, kept } = filterOf(INT64, [0n, 1n, 2n, 3n]);
  const filters = open();
  for (let batch = 0; batch < 4; batch++) kept(filters, [0n, 1n, 2n, 3n]);
  expect(kept(filters, [5n])).toEqual([0]);
  for (let batch = 1; batch < 8; batch++) kept(filters, [5n]);
  expect(kept(filters, [5n])).toEqual([]);
  expect(filters.counts).toEqual({ 'rows for filter 7': 17, 'kept by filter 7': 16, 'splits skipped by filter 7': 0 });
});
