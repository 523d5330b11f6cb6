import { allRows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { RayexecError } from '../../../common/errors.ts';
import { selectTrue } from '../../../functions/eval-node.ts';
import type { WindowFrameRows } from '../../../functions/function.ts';
import { maskOf } from '../../../functions/operand.ts';
import type { FrameBoundOf, FrameOf, InputRef } from '../../../plan/expr.ts';
import { typeOf } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { physicalType, widthOf } from '../../../types/physical.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { SortKeyEncoder, sortKeyLayout } from '../sorts/sort-keys.ts';
import type { WindowLayout } from './window-layout.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';

type Frame = FrameOf<InputRef>;
type Bound = FrameBoundOf<InputRef>;
type Distance = Extract<Bound, { readonly kind: 'preceding' | 'following' }>;

const EXCLUDED = { 'current-row': 1, group: 2, ties: 3 } as const;

/** The frames of a node's functions; equal ones are computed once. */
export class WindowFrames {
  readonly #ctx: OpenContext;
  readonly #layout: WindowLayout;
  readonly #known = new Map<string, FrameBounds>();
  #placed: PlacedRows | undefined;
  #computed = new Map<FrameBounds, WindowFrameRows>();

  constructor(ctx: OpenContext, layout: WindowLayout) {
    this.#ctx = ctx;
    this.#layout = layout;
  }

  /** Goes on to another unit. */
  start(_unit: WindowUnit): void {
    for (const bounds of this.#known.values()) bounds.start();
  }

  /** Goes on to the next rows of the unit. */
  next(placed: PlacedRows): void {
    this.#placed = placed;
    this.#computed = new Map();
  }

  /** Makes a frame known; to be asked for its rows with what is returned. */
  add(frame: Frame): () => WindowFrameRows {
    const text = JSON.stringify(frame);
    let bounds = this.#known.get(text);
    if (bounds === undefined) {
      bounds = new FrameBounds(this.#ctx, this.#layout, frame);
      this.#known.set(text, bounds);
    }
    const found = bounds;
    return () => {
      const rows = this.#computed.get(found) ?? found.rows(this.#placed!);
      this.#computed.set(found, rows);
      return rows;
    };
  }

  close(): void {
    for (const bounds of this.#known.values()) bounds.close();
  }
}

/** Computes both ends of one frame. */
class FrameBounds {
  readonly #ctx: OpenContext;
  readonly #layout: WindowLayout;
  readonly #frame: Frame;
  readonly #exprs: BatchExprs;
  /** Encodes the values that RANGE reaches to as the rows' sort keys are. */
  readonly #limits: SortKeyEncoder | undefined;
  readonly #limitBytes: number;
  readonly #stride: number;
  #hints: [start: number, end: number] = [0, 0];

  constructor(ctx: OpenContext, layout: WindowLayout, frame: Frame) {
    this.#ctx = ctx;
    this.#layout = layout;
    this.#frame = frame;
    this.#exprs = new BatchExprs(ctx);
    const key = layout.orderBy[0];
    const isRange = frame.unit === 'range' && ('offset' in frame.start || 'offset' in frame.end);
    if (!isRange || key === undefined) {
      this.#limitBytes = 0;
      this.#stride = 0;
      return;
    }
    const type = typeOf(key.expr);
    const limit = sortKeyLayout([{ ...key, expr: { kind: 'input', index: 0, type } }]);
    this.#limits = new SortKeyEncoder(ctx, this.#exprs, limit);
    this.#limitBytes = 1 + widthOf(physicalType(type));
    this.#stride = limit.fixedBytes;
  }

  start(): void {
    this.#hints = [0, 0];
  }

  close(): void {
    this.#exprs.close();
  }

  rows(placed: PlacedRows): WindowFrameRows {
    const { start, end, exclude } = this.#frame;
    return {
      start: this.#bound(placed, start, 0),
      end: this.#bound(placed, end, 1),
      exclude: exclude === undefined ? 0 : EXCLUDED[exclude],
    };
  }

  #bound(placed: PlacedRows, bound: Bound, isEnd: 0 | 1): number {
    const { places, from, count } = placed;
    switch (bound.kind) {
      case 'unbounded-preceding':
        return places.partitionStart;
      case 'unbounded-following':
        return places.partitionEnd;
      case 'current-row': {
        if (this.#frame.unit !== 'rows') return isEnd === 1 ? places.peerEnd : places.peerStart;
        const { arena, kernels } = this.#ctx;
        const out = arena.alloc(count * 4);
        const zero = arena.allocZeroed(8);
        const { partitionStart, partitionEnd } = places;
        kernels.window_rows_bound(isEnd, 1, zero, 0, 0, from, count, partitionStart, partitionEnd, out);
        return out;
      }
      default:
        return this.#frame.unit === 'range'
          ? this.#rangeBound(placed, bound, isEnd)
          : this.#countedBound(placed, bound, isEnd);
    }
  }

  /** ROWS and GROUPS. */
  #countedBound({ unit, places, from, count, groups }: PlacedRows, bound: Distance, isEnd: 0 | 1): number {
    const { arena, kernels } = this.#ctx;
    const { partitionStart, partitionEnd, peers } = places;
    const distances = unit.values(this.#ctx, bound.offset, from, count);
    const operand = [distances.data, maskOf(distances), distances.validity] as const;
    const sign = bound.kind === 'preceding' ? -1 : 1;
    const out = arena.alloc(count * 4);
    const status =
      this.#frame.unit === 'rows'
        ? kernels.window_rows_bound(isEnd, sign, ...operand, from, count, partitionStart, partitionEnd, out)
        : kernels.window_groups_bound(
            isEnd,
            sign,
            ...operand,
            count,
            partitionStart,
            partitionEnd,
            peers,
            groups,
            unit.groups.starts,
            unit.groups.count,
            out,
          );
    if (status < 0) throw this.#refuse(bound, status === -1 ? 'NULL' : 'negative');
    return out;
  }

  #rangeBound({ unit, places, from, count }: PlacedRows, bound: Distance, isEnd: 0 | 1): number {
    const { arena, kernels } = this.#ctx;
    const { partitionBytes, lengthAt, rows } = this.#layout;
    if (bound.negative !== undefined) {
      const negative = unit.values(this.#ctx, bound.negative, from, count);
      if (selectTrue(this.#ctx, negative, allRows(count)).selected > 0) throw this.#refuse(bound, 'negative');
    }
    const values: Vector = unit.values(this.#ctx, bound.offset, from, count);
    this.#exprs.start([values]);
    const { address } = this.#limits!.encode(allRows(count));
    const out = arena.alloc(count * 4);
    this.#hints[isEnd] = kernels.window_range_bound(
      isEnd,
      address,
      this.#stride,
      this.#limitBytes,
      unit.rows,
      rows.key.fixedBytes > 0 ? 1 : 0,
      partitionBytes,
      lengthAt,
      count,
      places.partitionStart,
      places.partitionEnd,
      isEnd === 1 ? places.peerEnd : places.peerStart,
      this.#hints[isEnd],
      out,
    );
    return out;
  }

  #refuse({ kind, span }: Distance, what: string): RayexecError {
    const place = `${this.#frame.unit.toUpperCase()} ${kind.toUpperCase()}`;
    return new RayexecError('invalid-argument', `Window ${place} expression cannot be ${what}`, { span });
  }
}
