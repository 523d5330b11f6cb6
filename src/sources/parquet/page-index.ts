import { RayexecError } from '../../common/errors.ts';
import type { ColumnRange } from '../../plan/logical-plan.ts';
import type { LeafLayout } from './column-layout.ts';
import { columnRange } from './statistics.ts';
import { listAt, readStruct, requiredNumber, ShortInput, structsAt, type ThriftStruct } from './thrift.ts';

/** Where the data pages of a chunk are in the file, and in its rows. */
export type PagePlaces = {
  readonly offsets: readonly number[];
  /** Bytes of each page with its header. */
  readonly lengths: readonly number[];
  /** The first row of each page, and behind them how many rows there are. */
  readonly firstRows: readonly number[];
};

/** What an OffsetIndex says of a chunk; undefined when that can't be true: the pages' own headers tell as well. */
export function pagePlaces(
  bytes: Uint8Array,
  chunk: { readonly offset: number; readonly length: number },
  rows: number,
): PagePlaces | undefined {
  return unlessDamaged(bytes, struct => {
    const pages = structsAt(struct, 1);
    const offsets = pages.map(p => requiredNumber(p, 1));
    const lengths = pages.map(p => requiredNumber(p, 2));
    const firstRows = [...pages.map(p => requiredNumber(p, 3)), rows];
    const ends = pages.map((_, i) => offsets[i]! + lengths[i]!);
    const isRight = pages.every(
      (_, i) =>
        Number.isSafeInteger(offsets[i]) &&
        Number.isSafeInteger(firstRows[i]) &&
        lengths[i]! > 0 &&
        offsets[i]! >= (i === 0 ? chunk.offset : ends[i - 1]!) &&
        firstRows[i]! < firstRows[i + 1]!,
    );
    if (!isRight || firstRows[0] !== 0 || ends.at(-1)! > chunk.offset + chunk.length) return undefined;
    return { offsets, lengths, firstRows };
  });
}

/** What a ColumnIndex says of the values of each page; undefined when that can't be true. */
export function pageRanges(
  bytes: Uint8Array,
  leaf: LeafLayout,
  { offsets, firstRows }: PagePlaces,
): readonly ColumnRange[] | undefined {
  return unlessDamaged(bytes, struct => {
    const [empty, mins, maxs, counts] = [1, 2, 3, 5].map(id => listAt(struct, id));
    const ranges: ColumnRange[] = [];
    if ([empty, mins, maxs, counts ?? empty].some(list => list?.length !== offsets.length)) return undefined;
    for (const [i, isEmpty] of empty!.entries()) {
      const rows = firstRows[i + 1]! - firstRows[i]!;
      const nulls = counts?.[i] as number | undefined;
      if (nulls !== undefined && !(nulls >= 0 && nulls <= rows && (nulls === rows) === isEmpty)) return undefined;
      const [min, max] = [mins![i], maxs![i]];
      if (!(min instanceof Uint8Array && max instanceof Uint8Array)) return undefined;
      const statistics = { min, max, nulls, signedMin: undefined, signedMax: undefined, distinct: undefined };
      ranges.push(isEmpty === true ? { nullCount: rows } : columnRange(leaf, statistics));
    }
    return ranges;
  });
}

/** The page that a row is in. */
export function pageOfRow({ offsets, firstRows }: PagePlaces, row: number): number {
  let [low, high] = [0, offsets.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (firstRows[middle]! <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Nothing depends on indexes: damaged ones are as good as none. */
function unlessDamaged<T>(bytes: Uint8Array, decode: (struct: ThriftStruct) => T | undefined): T | undefined {
  try {
    return decode(readStruct(bytes).value);
  } catch (e) {
    if (e instanceof ShortInput || (e instanceof RayexecError && e.code === 'format')) return undefined;
    throw e;
  }
}
