import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { encodeNested } from '../../../kernels/encode-nested.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import { type PhysicalSortKey, typeOf } from '../../../plan/expr.ts';
import { type PhysicalType, physicalType, widthOf } from '../../../types/physical.ts';
import type { BatchExprs } from '../batch-exprs.ts';

/** Kinds of key parts, numbered as in kernels/assembly/sort-keys.ts. */
const KINDS: readonly PhysicalType[] = [
  'i8',
  'i16',
  'i32',
  'i64',
  'i128',
  'u8',
  'u16',
  'u32',
  'u64',
  'u128',
  'f32',
  'f64',
  'interval',
  'ref',
];
const NESTED_KIND = KINDS.length;

/** First bytes of a variable key that its row holds beside the ref. */
const VARIABLE_HEAD = 24;
const REF_BYTES = 8;

/** How the sort keys of a node lie in rows. */
export type SortKeyLayout = {
  readonly keys: readonly PhysicalSortKey[];
  /** Bytes of a key, all together, a multiple of 8; 0 when they vary. */
  readonly fixedBytes: number;
  /** Bytes of a row that the key takes; its bytes that every row has start at `bytesAt` and are `headBytes`. */
  readonly rowBytes: number;
  readonly bytesAt: number;
  readonly headBytes: number;
};

export function sortKeyLayout(keys: readonly PhysicalSortKey[]): SortKeyLayout {
  const widths = keys.map(k => {
    const physical = physicalType(typeOf(k.expr));
    return isVariable(physical) ? undefined : 1 + widthOf(physical);
  });
  if (widths.includes(undefined)) {
    return { keys, fixedBytes: 0, rowBytes: REF_BYTES + VARIABLE_HEAD, bytesAt: REF_BYTES, headBytes: VARIABLE_HEAD };
  }
  const fixedBytes = (widths.reduce<number>((sum, w) => sum + w!, 0) + 7) & -8;
  return { keys, fixedBytes, rowBytes: fixedBytes, bytesAt: 0, headBytes: fixedBytes };
}

const isVariable = (physical: PhysicalType): boolean =>
  physical === 'ref' || physical === 'list' || physical === 'struct';

/** Keys of a batch's rows, numbered 0 … n: `fixedBytes` each at `address`, or refs there when keys vary. */
export type EncodedKeys = {
  readonly address: number;
  readonly count: number;
  /** For variable keys, when asked for: u32 bytes that the first of them take, by position of their rows; else 0. */
  readonly headLengths: number;
};

/** Encodes sort keys of batches in the batch arena. */
export class SortKeyEncoder {
  readonly #ctx: VectorContext;
  readonly #exprs: BatchExprs;
  readonly #layout: SortKeyLayout;
  readonly #indexes: readonly number[];

  constructor(ctx: VectorContext, exprs: BatchExprs, layout: SortKeyLayout) {
    this.#ctx = ctx;
    this.#exprs = exprs;
    this.#layout = layout;
    this.#indexes = layout.keys.map(k => exprs.add(k.expr));
  }

  /**
   * The keys of the rows of the batch that the expressions were started with.
   * @param head keys whose lengths are asked for
   */
  encode(rows: Rows, head = 0): EncodedKeys {
    const { arena, kernels } = this.#ctx;
    const n = rows.selected;
    const columns = this.#indexes.map(i => this.#exprs.plain(i, rows));
    const values = columns.map(c =>
      c.physical === 'list' || c.physical === 'struct' ? encodeNested(this.#ctx, c, rows) : c,
    );
    const cursors = arena.alloc(n * 4);
    const { fixedBytes } = this.#layout;
    let address: number;
    if (fixedBytes > 0) {
      address = arena.alloc(n * fixedBytes);
      kernels.row_clear(address, n * fixedBytes);
      kernels.row_addresses(address, fixedBytes, n, cursors);
    } else {
      address = arena.alloc(n * REF_BYTES);
      const sizes = this.#sizes(columns, values, rows);
      const heap = arena.alloc(kernels.sort_total(sizes, n) >>> 0);
      kernels.sort_places(sizes, n, heap, cursors, address);
    }
    let headLengths = 0;
    for (const [i, key] of this.#layout.keys.entries()) {
      const column = values[i]!;
      const kind = isNested(columns[i]!) ? NESTED_KIND : kindOf(column.physical);
      const mask = column.form === 'constant' ? 0 : -1;
      const none = key.nullsFirst ? 0 : 2;
      const descending = key.descending ? 1 : 0;
      kernels.sort_encode(kind, column.data, mask, column.validity, rows.selection, n, cursors, descending, none);
      if (i + 1 !== head || fixedBytes > 0) continue;
      headLengths = arena.alloc(rows.count * 4);
      kernels.window_key_lengths(address, cursors, rows.selection, n, headLengths);
    }
    return { address, count: n, headLengths };
  }

  /** Bytes of each row's key. */
  #sizes(columns: readonly Vector[], values: readonly Vector[], rows: Rows): number {
    const { arena, kernels, memory } = this.#ctx;
    const n = rows.selected;
    const fixed = columns.reduce((sum, c) => sum + (isVariable(c.physical) ? 0 : 1 + widthOf(c.physical)), 0);
    const sizes = arena.alloc(n * 4);
    memory.u32.fill(fixed, sizes >>> 2, (sizes >>> 2) + n);
    for (const [i, v] of values.entries()) {
      if (v.physical !== 'ref') continue;
      const mask = v.form === 'constant' ? 0 : -1;
      const isText = isNested(columns[i]!) ? 0 : 1;
      kernels.sort_text_sizes(v.data, mask, v.validity, rows.selection, n, isText, sizes);
    }
    return sizes;
  }
}

const isNested = (column: Vector): boolean => column.physical === 'list' || column.physical === 'struct';

const kindOf = (physical: PhysicalType): number => KINDS.indexOf(physical === 'bool' ? 'u8' : physical);
