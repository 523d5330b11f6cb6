import { allRows, type Batch, batchOf, type Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { ExprEvaluator } from '../../../functions/evaluate.ts';
import { bitmapBytes, constantVector, gatherer, indexesOf, validityOf } from '../../../kernels/vectors.ts';
import { inputIndexes } from '../../../plan/physical-expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { hasMore, NEED_MORE, ready, type Step } from '../../../protocol/step.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { denseRows, gatherField, type RowAddresses } from '../rows/gather-rows.ts';
import type { RowField } from '../rows/row-layout.ts';
import { CodedBuild } from './coded-build.ts';
import { JoinLookup, type Pairs } from './join-lookup.ts';
import { markUnknown } from './join-mark.ts';
import { type HashJoinNode, type JoinShape, joinShape } from './join-shape.ts';
import { manyRows } from './many-rows.ts';

/**
 * For a probe batch that streams past one part of the build rows after another: what earlier parts have found, as
 * bitmaps of its positions, which a part before the last adds to.
 */
export type Found = { readonly matched: Uint8Array; readonly unknown: Uint8Array; readonly isLast: boolean };

/** A probe batch on its way, and which of its positions have had a match. */
type Probe = {
  readonly batch: Batch;
  readonly rows: Rows;
  readonly matched: number;
  /** For mark joins with a residual: the positions with a pair for which it was NULL. */
  readonly unknown: number;
  readonly found: Found | undefined;
};

/** Streams the probe side past the table. One partition's. */
export class JoinProbe {
  readonly #node: HashJoinNode;
  readonly #ctx: OpenContext;
  readonly #shape: JoinShape;
  readonly #exprs: BatchExprs;
  readonly #keys: readonly number[];
  readonly #residual: ExprEvaluator | undefined;
  readonly #lookup: JoinLookup;
  /** What is handed on of a pair, and what is looked at before: the output's columns, and all by position. */
  readonly #handedOn: Assembly;
  readonly #needed: Assembly;
  readonly #coded: CodedBuild | undefined;
  readonly #isPart: boolean;
  #probe: Probe | undefined;

  /** @param isPart the build rows are a part of all: batches come with what was found before */
  constructor(node: HashJoinNode, ctx: OpenContext, isPart = false) {
    this.#isPart = isPart;
    this.#node = node;
    this.#ctx = ctx;
    this.#shape = joinShape(node);
    this.#exprs = new BatchExprs(ctx);
    this.#keys = node.probeKeys.map(k => this.#exprs.add(k));
    this.#residual = node.residual === undefined ? undefined : new ExprEvaluator(node.residual, ctx);
    this.#lookup = new JoinLookup(node, ctx, this.#shape, isPart);
    const width = node.probeTypes.length;
    this.#handedOn = assembly(this.#shape, width, this.#shape.output);
    this.#needed = assembly(this.#shape, width, byPosition(neededOf(node, this.#shape)));
    this.#coded = isPart ? undefined : CodedBuild.of(node, ctx, this.#shape, this.#handedOn.sources);
  }

  /** Whether no probe row can give a row. */
  get isEmpty(): boolean {
    const { joinType } = this.#node;
    return (
      this.#lookup.isEmpty &&
      (joinType === 'inner' || joinType === 'semi' || joinType === 'right' || this.#node.buildSideKept === true)
    );
  }

  push(batch: Batch, found?: Found): Step {
    const { arena, memory } = this.#ctx;
    const rows: Rows = { count: batch.count, selection: batch.selection, selected: batch.selected };
    this.#exprs.start(batch.columns);
    this.#lookup.start(this.#lookup.isEmpty ? [] : this.#keys.map(k => this.#exprs.vector(k, rows)), rows);
    const matched = this.#tracksPositions ? arena.allocZeroed(bitmapBytes(batch.count)) : 0;
    const needsUnknown = this.#node.joinType === 'mark' && (this.#residual !== undefined || this.#isPart);
    const unknown = needsUnknown ? arena.allocZeroed(bitmapBytes(batch.count)) : 0;
    if (found !== undefined && matched !== 0) memory.u8.set(found.matched, matched);
    if (found !== undefined && unknown !== 0) memory.u8.set(found.unknown, unknown);
    this.#probe = { batch, rows, matched, unknown, found };
    return this.resume();
  }

  resume(): Step {
    const probe = this.#probe!;
    const { arena } = this.#ctx;
    for (;;) {
      if (this.#lookup.isDone) return this.#finish(probe);
      const mark = arena.mark();
      const pairs = this.#lookup.next();
      const batch = pairs.count === 0 ? undefined : this.#join(probe, pairs);
      if (batch === undefined) {
        arena.rewind(mark);
        continue;
      }
      return this.#lookup.isDone && !this.#emitsAtEnd ? ready(batch) : hasMore(batch);
    }
  }

  close(): void {
    this.#exprs.close();
    this.#residual?.close();
    this.#lookup.close();
    this.#coded?.close();
  }

  /** What pairs come to: rows to hand on, if any, and notes of what had a match. */
  #join(probe: Probe, pairs: Pairs): Batch | undefined {
    const { kernels } = this.#ctx;
    const { joinType } = this.#node;
    if (this.#residual === undefined) {
      if (joinType === 'single' && pairs.repeats) throw manyRows(this.#node.span);
      if (probe.matched !== 0) {
        const again = kernels.join_mark_positions(pairs.positions, 0, pairs.count, probe.matched);
        if (again !== 0 && joinType === 'single') throw manyRows(this.#node.span);
      }
      if (this.#tracksRows) kernels.join_mark_rows(pairs.rows, 0, pairs.count);
      if (!emitsPairs(this.#node)) return undefined;
      return pairs.repeats ? this.#gathered(probe, pairs, this.#handedOn) : this.#aligned(probe, pairs, this.#handedOn);
    }
    // Which pair is which must be known afterwards, except where the pairs are all that counts.
    const isPlain = joinType === 'inner' && !this.#tracksRows && !pairs.repeats;
    const joined = isPlain ? this.#aligned(probe, pairs, this.#needed) : this.#gathered(probe, pairs, this.#needed);
    if (probe.unknown !== 0) this.#noteUnknown(probe, pairs, joined);
    const kept = this.#residual.select(joined.columns, joined);
    if (kept.selected === 0) return undefined;
    if (probe.matched !== 0) {
      const again = kernels.join_mark_positions(pairs.positions, kept.selection, kept.selected, probe.matched);
      if (again !== 0 && joinType === 'single') throw manyRows(this.#node.span);
    }
    if (this.#tracksRows) kernels.join_mark_rows(pairs.rows, kept.selection, kept.selected);
    if (!emitsPairs(this.#node)) return undefined;
    const columns = this.#shape.output.map(i => joined.columns[i]!);
    return batchOf(kept, columns, probe.batch.split);
  }

  #noteUnknown({ unknown }: Probe, { positions }: Pairs, joined: Batch): void {
    const { kernels, arena } = this.#ctx;
    const validity = validityOf(this.#ctx, this.#residual!.evaluate(joined.columns, joined), joined);
    if (validity === 0) return;
    const nulls = arena.alloc((joined.count + 1) * 2);
    const count = kernels.select_null(validity, 0, joined.count, nulls);
    kernels.join_mark_positions(positions, nulls, count, unknown);
  }

  /** Probe columns as they are, with the build columns put beside them. */
  #aligned({ batch }: Probe, { positions, rows, count }: Pairs, wanted: Assembly): Batch {
    const narrowed: Rows = { count: batch.count, selection: positions, selected: count };
    const addresses: RowAddresses = { address: rows, count, selection: positions, length: batch.count };
    return this.#assemble(narrowed, wanted, i => batch.columns[i]!, addresses, batch.split);
  }

  /** Probe columns copied as often as they have matches. */
  #gathered({ batch }: Probe, { positions, rows, count }: Pairs, wanted: Assembly): Batch {
    const indexes = indexesOf(this.#ctx, { count: batch.count, selection: positions, selected: count });
    const copy = gatherer(this.#ctx, indexes, count);
    const copied = (i: number): Vector => copy(batch.columns[i]!);
    return this.#assemble(allRows(count), wanted, copied, denseRows(rows, count), batch.split);
  }

  #assemble(
    rows: Rows,
    { sources, places }: Assembly,
    probeColumn: (i: number) => Vector,
    addresses: RowAddresses,
    split: number,
  ): Batch {
    const codes = this.#coded?.codes(addresses);
    const made = sources.map(s => {
      if (typeof s === 'number') return probeColumn(s);
      return codes === undefined || s.form === 'nested'
        ? gatherField(this.#ctx, s, addresses)
        : this.#coded!.column(s, codes);
    });
    const columns = places === undefined ? made : places.map(p => made[p]!);
    return batchOf(rows, columns, split);
  }

  /** After the last pair of a batch: what depends on a row having had no match, or any. */
  #finish(probe: Probe): Step {
    this.#probe = undefined;
    if (!this.#emitsAtEnd) return NEED_MORE;
    const { kernels, arena } = this.#ctx;
    const { batch, rows, matched, found } = probe;
    const { joinType } = this.#node;
    if (found !== undefined && !found.isLast) {
      this.#leave(probe, found);
      return NEED_MORE;
    }
    if (joinType === 'mark') return ready(batchOf(rows, this.#markColumns(probe), batch.split));
    const out = arena.alloc((rows.selected + 1) * 2);
    const select = joinType === 'semi' ? kernels.select_valid : kernels.select_null;
    const selected = select(matched, rows.selection, rows.selected, out);
    if (selected === 0) return NEED_MORE;
    const width = this.#node.probeTypes.length;
    const columns = this.#shape.output.map(i =>
      i < width
        ? batch.columns[i]!
        : constantVector(this.#ctx, { type: this.#node.buildTypes[i - width]!, value: null }, batch.count),
    );
    return ready({ count: rows.count, selection: out, selected, columns, split: batch.split });
  }

  /** Notes for the next part what was found up to here. */
  #leave(probe: Probe, { matched, unknown }: Found): void {
    const { memory } = this.#ctx;
    matched.set(memory.u8.subarray(probe.matched, probe.matched + matched.length));
    if (probe.unknown === 0) return;
    const { validity } = this.#mark(probe);
    unknown.set(memory.u8.subarray(probe.unknown, probe.unknown + unknown.length));
    if (validity === 0) return;
    for (let i = 0; i < unknown.length; i++) unknown[i]! |= ~memory.u8[validity + i]!;
  }

  #markColumns(probe: Probe): Vector[] {
    const width = this.#node.probeTypes.length;
    const mark = this.#mark(probe);
    return this.#shape.output.map(i => (i === width ? mark : probe.batch.columns[i]!));
  }

  #mark({ batch, rows, matched, unknown }: Probe): Vector {
    const { kernels, arena } = this.#ctx;
    const data = arena.alloc(rows.count);
    kernels.join_booleans(matched, rows.selection, rows.selected, data);
    const keys = this.#keys.map(k => this.#exprs.vector(k, rows));
    return markUnknown(this.#ctx, this.#node, this.#shape, {
      rows,
      columns: batch.columns,
      keys,
      matched,
      unknown,
      data,
      residual: this.#residual,
    });
  }

  /** Whether matches of the batch's positions are noted, to be handed on after its last pair. */
  get #emitsAtEnd(): boolean {
    const { joinType, buildSideKept } = this.#node;
    if (buildSideKept === true) return false;
    if (joinType === 'semi' || joinType === 'anti' || joinType === 'mark') return true;
    const needsTracking = this.#residual !== undefined || this.#isPart;
    return needsTracking && (joinType === 'left' || joinType === 'full' || joinType === 'single');
  }

  get #tracksPositions(): boolean {
    return this.#emitsAtEnd;
  }

  get #tracksRows(): boolean {
    const { joinType, buildSideKept } = this.#node;
    return joinType === 'right' || joinType === 'full' || buildSideKept === true;
  }
}

/** How the columns of joined rows are made, each once: a probe column as it is, or a field of the build rows. */
type Assembly = {
  readonly sources: readonly (number | RowField)[];
  /** Which of them each column is, -1 for holes; undefined: one is one. */
  readonly places: readonly number[] | undefined;
};

/** @param wanted positions in the joined rows, -1 for holes @param width columns of the probe side */
function assembly({ fields }: JoinShape, width: number, wanted: readonly number[]): Assembly {
  const distinct = [...new Set(wanted.filter(i => i >= 0))];
  const sources = distinct.map(i => (i < width ? i : fields.get(i - width)!));
  const places = wanted.map(i => distinct.indexOf(i));
  return { sources, places: places.every((p, at) => p === at) ? undefined : places };
}

/** Residuals name columns by position: there, what is not needed is left out. */
const byPosition = (needed: readonly number[]): readonly number[] =>
  Array.from({ length: Math.max(-1, ...needed) + 1 }, (_, i) => (needed.includes(i) ? i : -1));

/** The positions that deciding about a pair and handing it on take. */
function neededOf(node: HashJoinNode, shape: JoinShape): readonly number[] {
  const residual = node.residual === undefined ? [] : inputIndexes([node.residual]);
  return [...new Set([...(emitsPairs(node) ? shape.output : []), ...residual])];
}

/** Whether the output has a row per pair. */
const emitsPairs = ({ joinType }: HashJoinNode): boolean =>
  joinType !== 'semi' && joinType !== 'anti' && joinType !== 'mark';
