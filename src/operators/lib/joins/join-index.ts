import type { Pieces } from '../../../common/pieces.ts';
import type { LinearMemory } from '../../../memory/linear-memory.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { bitsOf, type IntegerKey, integerKey, type KeyRange, rangesFrom, spanOf } from '../rows/integer-key.ts';
import { type RowSpan, rowSpans } from '../rows/row-blocks.ts';
import { partsOf, partWord } from '../shared-parts.ts';
import { allocateZeroed, bitmapBytesOf } from './allocate-zeroed.ts';
import { noteKeys, rangedKeys, sealFilters } from './join-filters.ts';
import type { HashJoinNode, JoinShape } from './join-shape.ts';

/**
 * How build rows are found: `direct` by an array over the keys' range, `hashed` by a directory, `sparse` by a directory
 * behind a bitmap over the keys' range. `empty`: there is no row to be found.
 */
export type JoinIndex = 'empty' | 'direct' | 'sparse' | 'hashed';
const INDEXES: readonly JoinIndex[] = ['empty', 'direct', 'sparse', 'hashed'];

/** The struct that the clones of a join share, by address offset. */
export const JOIN_SHARED = {
  /** {base u64, span u32, entries or bitmap u32}: see kernels/assembly/direct-joins.ts. */
  direct: 0,
  span: 8,
  entries: 12,
  index: 16,
  /** Of the direct index: whether some value has several rows. */
  repeats: 20,
  directory: 24,
  shift: 28,
  parts: 32,
  nextClaim: 36,
  rows: 40,
  nullRows: 44,
  /** Whether build rows of some clone are in files: then all go there, and so do the probe rows. */
  isSpilled: 48,
  /** Of a spilled join: what the probe clones leave, how many of them have ended, how many partitions were claimed. */
  probeParts: 52,
  ended: 56,
  nextPartition: 60,
  bytes: 64,
} as const;

/** Words of a build clone's part. */
export const JOIN_PART = {
  /** Chain and number of the rows that can match. */
  chain: 0,
  rows: 1,
  /** Of those with a NULL that never equals anything. */
  nullChain: 2,
  nullRows: 3,
  /** Address of the ranges of the keys of `rangedKeys`; 0 when there are none. */
  ranges: 4,
  /** The list of files with rows that can match, by partition; 0 when they are in memory. */
  files: 5,
  words: 6,
} as const;

const SMALLEST_BITS = 8;
/** Ranges up to this are always worth an array or a bitmap: clearing it takes a fraction of a millisecond. */
const SMALL_ARRAY = 2n ** 20n;
const SMALL_BITMAP = 2n ** 25n;
/** Larger ones as long as they hold so many rows: 64 bytes a row at most for the array, 16 for the bitmap. */
const SPAN_PER_ENTRY = 16n;
const SPAN_PER_BIT = 128n;
/** Beyond this a directory, which grows with the rows alone, takes less memory: the array would take 256 MiB. */
const LARGEST_SPAN = 2n ** 26n;

type Shared = { readonly memory: LinearMemory; readonly shared: number };

export const joinIndexOf = ({ memory, shared }: Shared): JoinIndex =>
  INDEXES[memory.u32[(shared + JOIN_SHARED.index) >>> 2]!]!;

/** The build rows of all clones. */
export const joinRows = ({ memory, shared }: Shared): number =>
  memory.u32[(shared + JOIN_SHARED.rows) >>> 2]! + memory.u32[(shared + JOIN_SHARED.nullRows) >>> 2]!;

/** Whether the build rows are in files. */
export const isJoinSpilled = ({ memory, shared }: Shared): boolean =>
  Atomics.load(memory.u32, (shared + JOIN_SHARED.isSpilled) >>> 2) !== 0;

/** The form of a join's key if an index over its range can serve it. */
export const directKey = (node: HashJoinNode, shape: JoinShape): IntegerKey | undefined =>
  node.nullsEqual.includes(true) ? undefined : integerKey(shape.keyTypes);

/** Chooses and sizes the index and the filters, after all clones of the build side have finished; they then enter their rows. */
export function* sealJoin(node: HashJoinNode, shape: JoinShape, ctx: OpenContext): Pieces {
  const { memory, shared } = ctx;
  const parts = partsOf(memory, shared + JOIN_SHARED.parts);
  const total = (word: number): number => parts.reduce((sum, p) => sum + partWord(memory, p, word), 0);
  const rows = total(JOIN_PART.rows);
  const ranged = rangedKeys(node);
  const rangesOf = (key: number): readonly KeyRange[] => {
    const at = ranged.findIndex(r => r.key === key);
    return parts.map(p => rangesFrom(partWord(memory, p, JOIN_PART.ranges), ranged.length)[at]!);
  };
  memory.u32[(shared + JOIN_SHARED.rows) >>> 2] = rows;
  memory.u32[(shared + JOIN_SHARED.nullRows) >>> 2] = total(JOIN_PART.nullRows);
  // Those that rows in files are joined with get an index partition by partition.
  if (isJoinSpilled(ctx)) return;
  const key = directKey(node, shape);
  const index = rows === 0 ? 'empty' : yield* makeIndex(ctx, key, key === undefined ? [] : rangesOf(0), rows);
  memory.u32[(shared + JOIN_SHARED.index) >>> 2] = INDEXES.indexOf(index);
  yield* sealFilters(node, ctx, rows, rangesOf, index === 'sparse' ? shared + JOIN_SHARED.direct : undefined);
}

function* makeIndex(
  ctx: OpenContext,
  key: IntegerKey | undefined,
  ranges: readonly KeyRange[],
  rows: number,
): Pieces<JoinIndex> {
  const keys = key === undefined ? undefined : spanOf(ctx.memory, key, ranges);
  const fits = (bytes: number): boolean => 2 * bytes <= ctx.memory.limit - ctx.memory.bytesInUse;
  if (
    keys !== undefined &&
    isWorth(keys.span, rows, SMALL_ARRAY, SPAN_PER_ENTRY) &&
    fits(4 * (Number(keys.span) + 1))
  ) {
    yield* makeRangeTable(ctx, keys, 4 * (Number(keys.span) + 1));
    return 'direct';
  }
  const bits = Math.max(SMALLEST_BITS, Math.ceil(Math.log2(rows * 1.5)));
  const { memory, shared } = ctx;
  const directory = yield* allocateZeroed(ctx, 8 * 2 ** bits);
  memory.u32[(shared + JOIN_SHARED.directory) >>> 2] = directory;
  memory.u32[(shared + JOIN_SHARED.shift) >>> 2] = 32 - bits;
  if (keys === undefined || !isWorth(keys.span, rows, SMALL_BITMAP, SPAN_PER_BIT)) return 'hashed';
  if (!fits(bitmapBytesOf(keys.span))) return 'hashed';
  yield* makeRangeTable(ctx, keys, bitmapBytesOf(keys.span));
  return 'sparse';
}

const isWorth = (span: bigint, rows: number, small: bigint, perRow: bigint): boolean =>
  span <= small || (span <= LARGEST_SPAN && span <= perRow * BigInt(rows));

function* makeRangeTable(
  ctx: OpenContext,
  keys: { readonly base: bigint; readonly span: bigint },
  bytes: number,
): Pieces {
  const { memory, shared } = ctx;
  const table = yield* allocateZeroed(ctx, bytes);
  memory.i64[(shared + JOIN_SHARED.direct) >>> 3] = keys.base;
  memory.u32[(shared + JOIN_SHARED.span) >>> 2] = Number(keys.span);
  memory.u32[(shared + JOIN_SHARED.entries) >>> 2] = table;
}

/** Enters a clone's rows into the index. */
export function* enterRows(node: HashJoinNode, shape: JoinShape, ctx: OpenContext, firstRow: number): Pieces {
  const { memory, kernels, shared, partitions } = ctx;
  const { rowBytes, buildKey } = shape;
  const word = (offset: number): number => memory.u32[(shared + offset) >>> 2]!;
  const index = joinIndexOf(ctx);
  if (index === 'empty') return;
  const key = directKey(node, shape);
  const table = shared + JOIN_SHARED.direct;
  const isShared = partitions > 1 ? 1 : 0;
  let repeats = 0;
  for (const { address, count } of rowSpans(memory, firstRow)) {
    noteKeys(node, shape, ctx, { address, count }, isShared, index === 'sparse');
    if (index === 'direct') {
      repeats |= kernels[`direct_insert_${bitsOf(key!)}`](table, address, rowBytes, count, isShared);
      yield;
      continue;
    }
    if (index === 'sparse') {
      const keys = address + buildKey.fields[0]!.offset;
      kernels[`sparse_note_${bitsOf(key!)}`](table, keys, rowBytes, count, isShared);
    }
    kernels.join_insert(
      address,
      rowBytes,
      count,
      buildKey.texts,
      buildKey.bytes >>> 3,
      word(JOIN_SHARED.directory),
      word(JOIN_SHARED.shift),
      isShared,
    );
    yield;
  }
  if (repeats !== 0) memory.u32[(shared + JOIN_SHARED.repeats) >>> 2] = 1;
}

/** The build rows of all partitions: those that can match, or those with a NULL that can't. */
export function buildSpans({ memory, shared }: Shared, which: 'rows' | 'null-rows'): RowSpan[] {
  const parts = partsOf(memory, shared + JOIN_SHARED.parts);
  const word = which === 'rows' ? JOIN_PART.chain : JOIN_PART.nullChain;
  return parts.flatMap(p => [...rowSpans(memory, partWord(memory, p, word))]);
}
