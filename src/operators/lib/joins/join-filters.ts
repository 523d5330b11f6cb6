import type { Pieces } from '../../../common/pieces.ts';
import { typeOf } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { FILTER_SLOT, filterForm, setFilterForm } from '../filters/filter-slot.ts';
import { bitsOf, type IntegerKey, integerKey, type KeyRange, spanOf } from '../rows/integer-key.ts';
import { allocateZeroed, bitmapBytesOf } from './allocate-zeroed.ts';
import type { HashJoinNode, JoinShape } from './join-shape.ts';

/** A key of the build side whose range is noted as rows come in, as the index or a filter needs it. */
export type RangedKey = { readonly key: number; readonly integer: IntegerKey };

/** A range of up to so many values is always worth a bitmap: 1 MiB. A wider one when there are rows enough. */
const SMALL_SPAN = 2n ** 23n;
const SPAN_PER_ROW = 64n;
const LARGEST_SPAN = 2n ** 30n;
/** Of a Bloom filter: bits for each row, at least; and 64-bit words, at most. */
const BITS_PER_ROW = 12;
const LARGEST_WORDS_LOG2 = 23;

/** The form of a key if a filter can be made of its values; NULLs must find nothing. */
export function filterableKey(
  { buildKeys, nullsEqual }: Pick<HashJoinNode, 'buildKeys' | 'nullsEqual'>,
  key: number,
): IntegerKey | undefined {
  return nullsEqual[key] === true ? undefined : integerKey([typeOf(buildKeys[key]!)]);
}

/** The keys whose ranges are noted, in the order in which a build clone's part has them. */
export function rangedKeys(node: HashJoinNode): readonly RangedKey[] {
  const isAlone = node.buildKeys.length === 1;
  return node.buildKeys.flatMap((_, key) => {
    const integer = filterableKey(node, key);
    const isNeeded = isAlone || node.filters?.some(f => f.key === key) === true;
    return integer !== undefined && isNeeded ? [{ key, integer }] : [];
  });
}

/**
 * Sizes the join's filters, once its index is: `noteKeys` fills them.
 * @param rangesOf the ranges that the build clones have noted of a key
 * @param noted a bitmap that the index fills anyway for its only key: {base, span, bitmap}
 */
export function* sealFilters(
  node: HashJoinNode,
  ctx: OpenContext,
  rows: number,
  rangesOf: (key: number) => readonly KeyRange[],
  noted: number | undefined,
): Pieces {
  for (const { id, key } of node.filters ?? []) {
    const slot = ctx.filterSlot(id);
    if (rows === 0) setFilterForm(ctx.memory, slot, 'nothing');
    else yield* sealFilter(ctx, slot, filterableKey(node, key)!, rangesOf(key), rows, noted);
  }
}

function* sealFilter(
  ctx: OpenContext,
  slot: number,
  integer: IntegerKey,
  ranges: readonly KeyRange[],
  rows: number,
  noted: number | undefined,
): Pieces {
  const { memory } = ctx;
  const range = spanOf(memory, integer, ranges);
  if (range === undefined) return;
  const { base, span } = range;
  memory.i64[(slot + FILTER_SLOT.least) >>> 3] = base;
  memory.i64[(slot + FILTER_SLOT.greatest) >>> 3] = base + span - 1n;
  if (noted !== undefined) {
    memory.u8.copyWithin(slot, noted, noted + FILTER_SLOT.form);
    setFilterForm(memory, slot, 'bitmap');
  } else if (span <= SMALL_SPAN || (span <= LARGEST_SPAN && span <= SPAN_PER_ROW * BigInt(rows))) {
    const bitmap = yield* allocateZeroed(ctx, bitmapBytesOf(span));
    memory.i64[(slot + FILTER_SLOT.base) >>> 3] = base;
    memory.u32[(slot + FILTER_SLOT.span) >>> 2] = Number(span);
    memory.u32[(slot + FILTER_SLOT.bits) >>> 2] = bitmap;
    setFilterForm(memory, slot, 'bitmap');
  } else {
    const words = Math.max(1, Math.ceil(Math.log2((rows * BITS_PER_ROW) / 64)));
    if (words > LARGEST_WORDS_LOG2) return;
    memory.u32[(slot + FILTER_SLOT.bits) >>> 2] = yield* allocateZeroed(ctx, 8 * 2 ** words);
    memory.u32[(slot + FILTER_SLOT.shift) >>> 2] = 64 - words;
    setFilterForm(memory, slot, 'bloom');
  }
}

/** Notes the keys of `count` build rows in the filters, but for one that shares its bitmap with the index. */
export function noteKeys(
  node: HashJoinNode,
  { buildKey, rowBytes }: JoinShape,
  { memory, kernels, filterSlot }: OpenContext,
  rows: { readonly address: number; readonly count: number },
  isShared: 0 | 1,
  isNoted: boolean,
): void {
  if (isNoted) return;
  for (const { id, key } of node.filters ?? []) {
    const slot = filterSlot(id);
    const bits = bitsOf(filterableKey(node, key)!);
    const keys = rows.address + buildKey.fields[key]!.offset;
    const form = filterForm(memory, slot);
    if (form === 'bitmap') kernels[`sparse_note_${bits}`](slot, keys, rowBytes, rows.count, isShared);
    else if (form === 'bloom') kernels[`bloom_note_${bits as 32 | 64}`](slot, keys, rowBytes, rows.count, isShared);
  }
}
