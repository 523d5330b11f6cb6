import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { Kernels } from '../../../kernels/kernels.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { LinearMemory } from '../../../memory/linear-memory.ts';
import type { DataType } from '../../../types/data-type.ts';
import { type PhysicalType, physicalType } from '../../../types/physical.ts';

const INTEGERS = ['i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64'] as const;

/** How a key of one integer lies in memory: also a date, a time, a decimal of up to 18 digits. */
export type IntegerKey = (typeof INTEGERS)[number];

/** The key's form if it consists of one integer of up to 64 bits. */
export function integerKey(types: readonly DataType[]): IntegerKey | undefined {
  const physical = physicalType(types[0]!);
  return types.length === 1 && isInteger(physical) ? physical : undefined;
}

/** The width that names the kernels of direct tables: signs make no difference there. */
export const bitsOf = (key: IntegerKey): 8 | 16 | 32 | 64 => Number(key.slice(1)) as 8 | 16 | 32 | 64;

/** The least value of the key's type. */
export const leastOf = (key: IntegerKey): bigint => (key.startsWith('i') ? -(2n ** BigInt(bitsOf(key) - 1)) : 0n);

const isInteger = (physical: PhysicalType): physical is IntegerKey =>
  (INTEGERS as readonly PhysicalType[]).includes(physical);

/**
 * Address of the least and the greatest of some keys: {itself u32, unused u32, min u64, seen u64, max u64, seen u64}, two
 * states of `agg_extremum`.
 */
export type KeyRange = number;
const MIN = 8;
const SEEN = 16;
const MAX = 24;
const RANGE_BYTES = 40;

/** Where a range has its least value, as a u64; 0 when there was none. */
export const leastAt = (range: KeyRange): number => range + MIN;

/** The range of no keys yet. */
export const emptyRange = (heap: Arena): KeyRange => emptyRanges(heap, 1)[0]!;

/** Ranges of no keys yet, one behind the other. */
export function emptyRanges(heap: Arena, count: number): readonly KeyRange[] {
  const first = heap.allocZeroed(count * RANGE_BYTES);
  const ranges = rangesFrom(first, count);
  for (const range of ranges) heap.memory.u32[range >>> 2] = range;
  return ranges;
}

/** Ranges that lie one behind the other. */
export const rangesFrom = (first: KeyRange, count: number): readonly KeyRange[] =>
  Array.from({ length: count }, (_, i) => first + i * RANGE_BYTES);

/** Widens a range by the values of some rows, none of them NULL. @param values flat or constant */
export function widenRange(kernels: Kernels, key: IntegerKey, range: KeyRange, values: Vector, rows: Rows): void {
  if (rows.selected === 0) return;
  const mask = values.form === 'constant' ? 0 : -1;
  const fold = kernels[`agg_extremum_${key}`];
  fold(0, values.data, mask, range, 0, MIN, rows.selection, rows.selected);
  fold(1, values.data, mask, range, 0, MAX, rows.selection, rows.selected);
}

/** What ranges span together; undefined when there was no key. */
export function spanOf(
  memory: LinearMemory,
  key: IntegerKey,
  ranges: readonly KeyRange[],
): { readonly base: bigint; readonly span: bigint } | undefined {
  let least: bigint | undefined;
  let greatest: bigint | undefined;
  for (const r of ranges) {
    if (memory.u32[(r + SEEN) >>> 2] === 0) continue;
    const [min, max] = [valueAt(memory, key, r + MIN), valueAt(memory, key, r + MAX)];
    if (least === undefined || min < least) least = min;
    if (greatest === undefined || max > greatest) greatest = max;
  }
  return least === undefined || greatest === undefined ? undefined : { base: least, span: greatest - least + 1n };
}

/** The value of a key in the low bytes of the word at an address. */
export function valueAt(memory: LinearMemory, key: IntegerKey, address: number): bigint {
  const word = memory.i64[address >>> 3]!;
  return key.startsWith('i') ? BigInt.asIntN(bitsOf(key), word) : BigInt.asUintN(bitsOf(key), word);
}
