import type { Rows } from '../../../batch/batch.ts';
import { allRows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import type { ExprEvaluator } from '../../../functions/evaluate.ts';
import { bitmapBytes, combineValidity, gather, validityOf } from '../../../kernels/vectors.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { BOOLEAN } from '../../../types/data-type.ts';
import { keyColumn } from '../groups/group-keys.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { packRows } from '../rows/pack-rows.ts';
import { buildSpans, JOIN_SHARED } from './join-index.ts';
import type { HashJoinNode, JoinShape } from './join-shape.ts';

/** A probe batch whose matches are known. */
export type MarkInput = {
  readonly rows: Rows;
  readonly columns: readonly Vector[];
  readonly keys: readonly Vector[];
  /** Bitmap of the positions that have a match. */
  readonly matched: number;
  /** Bitmap of the positions that have a pair whose residual is NULL; 0 without residual. */
  readonly unknown: number;
  /** The matches as booleans: the mark's values. */
  readonly data: number;
  readonly residual: ExprEvaluator | undefined;
};

/**
 * The mark column: TRUE where there is a match; else NULL where a NULL makes that unknown, as `x IN (…)` has it; else
 * FALSE.
 */
export function markUnknown(ctx: OpenContext, node: HashJoinNode, shape: JoinShape, input: MarkInput): Vector {
  const { memory, kernels, arena, shared } = ctx;
  const { rows, matched, data } = input;
  const buildRows = memory.u32[(shared + JOIN_SHARED.rows) >>> 2]!;
  const nullRows = memory.u32[(shared + JOIN_SHARED.nullRows) >>> 2]!;
  const strict = input.keys.filter((_, i) => !node.nullsEqual[i]);
  const keysValid = combineValidity(ctx, strict, rows);
  const hasOpen = buildRows + nullRows > 0 && (nullRows > 0 || keysValid !== 0);
  if (!hasOpen && input.unknown === 0) return Vector.flat(BOOLEAN, rows.count, data);
  const validity = knownBits(ctx, input);
  const mark = Vector.flat(BOOLEAN, rows.count, data, validity);
  if (!hasOpen) return mark;
  // Open: without a match, and a NULL on either side.
  const selection = arena.alloc((rows.selected + 1) * 2);
  let open: Rows = {
    count: rows.count,
    selection,
    selected: kernels.select_null(matched, rows.selection, rows.selected, selection),
  };
  if (nullRows === 0) {
    const nulls = arena.alloc((open.selected + 1) * 2);
    open = {
      count: rows.count,
      selection: nulls,
      selected: kernels.select_null(keysValid, open.selection, open.selected, nulls),
    };
  }
  if (open.selected === 0) return mark;
  // One key and nothing else to be true: any NULL will do.
  const isSimple = node.probeKeys.length === 1 && input.residual === undefined;
  const positions = memory.u16.slice(open.selection >>> 1, (open.selection >>> 1) + open.selected);
  const search = isSimple ? undefined : new PairSearch(ctx, node, shape, input, open);
  positions.forEach((position, j) => {
    const keyIsNull = keysValid !== 0 && !bitAt(memory.u8, keysValid, position);
    if (search === undefined || search.isUnknown(j, position, keyIsNull)) {
      memory.u8[validity + (position >> 3)]! &= ~(1 << (position & 7));
    }
  });
  return mark;
}

/** A bitmap that is 0 where pairs alone leave the answer open: a residual was NULL and none was true. */
function knownBits({ memory, arena }: OpenContext, { rows, matched, unknown }: MarkInput): number {
  const bytes = bitmapBytes(rows.count);
  const validity = arena.alloc(bytes);
  const { u8 } = memory;
  for (let i = 0; i < bytes; i++) u8[validity + i] = unknown === 0 ? 0xff : u8[matched + i]! | ~u8[unknown + i]!;
  return validity;
}

const bitAt = (u8: Uint8Array, bitmap: number, i: number): boolean => ((u8[bitmap + (i >> 3)]! >> (i & 7)) & 1) !== 0;

/** Looks for a build row that leaves a probe row's answer open: slow, one probe row at a time, for rows with NULLs only. */
class PairSearch {
  readonly #ctx: OpenContext;
  readonly #node: HashJoinNode;
  readonly #shape: JoinShape;
  readonly #input: MarkInput;
  readonly #packed: number;
  readonly #stride: number;
  readonly #fields: number;
  readonly #nullSpans: readonly { address: number; count: number }[];
  readonly #allSpans: readonly { address: number; count: number }[];

  constructor(ctx: OpenContext, node: HashJoinNode, shape: JoinShape, input: MarkInput, open: Rows) {
    this.#ctx = ctx;
    this.#node = node;
    this.#shape = shape;
    this.#input = input;
    const { probeKey } = shape;
    this.#stride = 8 + probeKey.bytes;
    this.#packed = ctx.arena.allocZeroed(open.selected * this.#stride);
    const keys = input.keys.map(k => keyColumn(ctx, k, input.rows));
    packRows(ctx, probeKey, keys, open, { address: this.#packed, rowBytes: this.#stride });
    this.#fields = ctx.arena.alloc(20 * probeKey.fields.length);
    const words = probeKey.fields.flatMap((f, i) => [
      f.offset - 8,
      f.form === 'text' ? 0 : f.width,
      f.nullOffset - 8,
      f.nullBit,
      node.nullsEqual[i] === true ? 1 : 0,
    ]);
    ctx.memory.u32.set(words, this.#fields >>> 2);
    this.#nullSpans = buildSpans(ctx, 'null-rows');
    this.#allSpans = [...buildSpans(ctx, 'rows'), ...this.#nullSpans];
  }

  isUnknown(j: number, position: number, keyIsNull: boolean): boolean {
    const { kernels, arena, batchRows } = this.#ctx;
    const { rowBytes, probeKey } = this.#shape;
    const key = this.#packed + j * this.#stride + 8;
    const out = arena.alloc(batchRows * 4);
    for (const { address, count } of keyIsNull ? this.#allSpans : this.#nullSpans) {
      for (let from = 0; from < count; from += batchRows) {
        const n = Math.min(batchRows, count - from);
        const found = kernels.join_maybe(
          key,
          address + from * rowBytes,
          rowBytes,
          n,
          this.#fields,
          probeKey.fields.length,
          out,
        );
        if (found > 0 && this.#passesResidual(position, out, found)) return true;
      }
    }
    return false;
  }

  /** Whether the rest of the condition is true or unknown for one of the pairs. */
  #passesResidual(position: number, rows: number, count: number): boolean {
    const { residual, columns } = this.#input;
    if (residual === undefined) return true;
    const { memory, arena, kernels } = this.#ctx;
    const width = this.#node.probeTypes.length;
    const indexes = arena.alloc(count * 4);
    memory.u32.fill(position, indexes >>> 2, (indexes >>> 2) + count);
    const joined: Vector[] = columns.map(c => gather(this.#ctx, c, indexes, count));
    for (const c of this.#shape.pairColumns) {
      joined[width + c] = gatherField(this.#ctx, this.#shape.fields.get(c)!, denseRows(rows, count));
    }
    const result = residual.evaluate(joined, allRows(count));
    const validity = validityOf(this.#ctx, result, allRows(count));
    if (validity !== 0 && kernels.bitmap_count(validity, count) < count) return true;
    return residual.select(joined, allRows(count)).selected > 0;
  }
}
