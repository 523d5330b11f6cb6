import type { Batch, Rows } from '../batch/batch.ts';
import type { Vector } from '../batch/vector.ts';
import { invariant } from '../common/errors.ts';
import type { Pieces } from '../common/pieces.ts';
import { Arena } from '../memory/arena.ts';
import { typeOf } from '../plan/expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink } from '../protocol/operator.ts';
import { NEED_MORE, type Step } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import { keyColumn } from './lib/groups/group-keys.ts';
import { isBehind, isNotBehind } from './lib/key-ranges.ts';
import { explainRouting, type Routing } from './lib/routing.ts';
import { packRows } from './lib/rows/pack-rows.ts';
import { keyArea, type RowArea } from './lib/rows/row-layout.ts';
import { readJoinedBatches, StoredBatches } from './lib/stored/stored-batches.ts';
import { encodeBatches } from './lib/wire-batches.ts';

/** Ends a task: its rows go to the tasks of the stages that read them. */
export type SendNode = {
  readonly kind: 'send';
  readonly to: Routing;
  readonly receivers: number;
  readonly types: readonly DataType[];
};

/** Rows of a block, about: a put costs the same for few rows as for many. */
const BLOCK_ROWS = 65_536;
/** Rows of a batch on the wire at most: each has a message that costs as much as some thousands of values. */
const WIRE_ROWS = 16_384;

class Sender {
  readonly #node: SendNode;
  readonly #ctx: OpenContext;
  readonly #exprs: BatchExprs;
  readonly #keys: readonly number[];
  readonly #area: RowArea;
  /** For each bound between ranges: the conditions of rows at or behind it, and of the others. */
  readonly #sides: readonly { readonly behind: number; readonly before: number }[];
  /** Rows on their way to each receiver. */
  readonly #waiting = new Map<number, StoredBatches>();
  #turn = 0;

  constructor(node: SendNode, ctx: OpenContext) {
    const keys = node.to.kind === 'hash' ? node.to.keys : [];
    this.#node = node;
    this.#ctx = ctx;
    this.#exprs = new BatchExprs(ctx);
    this.#keys = keys.map(k => this.#exprs.add(k));
    this.#area = keyArea(keys.map(typeOf), 8);
    this.#sides = node.to.kind === 'range' ? this.#sidesOf(node.to) : [];
  }

  #sidesOf({ key, bounds }: Extract<Routing, { kind: 'range' }>) {
    return bounds.map(bound => ({
      before: this.#exprs.add(isNotBehind(key, bound)),
      behind: this.#exprs.add(isBehind(key, bound)),
    }));
  }

  push(batch: Batch): void {
    const { to, receivers } = this.#node;
    switch (to.kind) {
      case 'hash':
        this.#pushByHash(batch);
        break;
      case 'range':
        this.#exprs.start(batch.columns);
        this.#pushByRange(batch, batch, 0, receivers);
        break;
      case 'round-robin':
        this.#put(this.#turn, batch);
        this.#turn = (this.#turn + 1) % receivers;
        break;
      default:
        this.#put(0, batch);
    }
  }

  /** What a transport waits for before it takes more. */
  drained(): Promise<void> | undefined {
    return portOf(this.#ctx).drained();
  }

  *finish(): Pieces {
    for (const receiver of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      this.#flush(receiver);
      yield;
    }
    this.#exprs.close();
  }

  #pushByHash(batch: Batch): void {
    this.#exprs.start(batch.columns);
    const keys = this.#keys.map(k => keyColumn(this.#ctx, this.#exprs.vector(k, batch), batch));
    for (const [receiver, rows] of this.#deal(keys, batch).entries()) {
      if (rows.selected > 0) this.#put(receiver, { ...batch, ...rows });
    }
  }

  /** Rows that lie in the ranges [from, to). */
  #pushByRange(batch: Batch, rows: Rows, from: number, to: number): void {
    if (rows.selected === 0) return;
    if (to - from === 1) {
      this.#put(from, { ...batch, ...rows });
      return;
    }
    const middle = (from + to) >>> 1;
    const { before, behind } = this.#sides[middle - 1]!;
    this.#pushByRange(batch, this.#exprs.select(before, rows), from, middle);
    this.#pushByRange(batch, this.#exprs.select(behind, rows), middle, to);
  }

  /** The rows of each receiver. */
  #deal(keys: readonly Vector[], rows: Rows): Rows[] {
    const { memory, kernels, arena } = this.#ctx;
    const { receivers } = this.#node;
    const { bytes, texts } = this.#area;
    const n = rows.selected;
    const stride = 8 + bytes;
    const packed = arena.alloc(n * stride);
    kernels.row_clear(packed, n * stride);
    packRows(this.#ctx, this.#area, keys, rows, { address: packed, rowBytes: stride });
    kernels.row_hash(packed, stride, packed + 8, texts, bytes >>> 3, n);
    const [numbers, selections, ends] = [arena.alloc(n * 2), arena.alloc(n * 2), arena.alloc(receivers * 4)];
    kernels.deal_rows(packed, stride, rows.selection, n, receivers, numbers, ends, selections);
    const dealt: Rows[] = [];
    let start = 0;
    for (const end of memory.u32.slice(ends >>> 2, (ends >>> 2) + receivers)) {
      dealt.push({ count: rows.count, selection: selections + 2 * start, selected: end - start });
      start = end;
    }
    return dealt;
  }

  #put(receiver: number, batch: Batch): void {
    let stored = this.#waiting.get(receiver);
    if (stored === undefined) {
      stored = new StoredBatches(this.#ctx);
      this.#waiting.set(receiver, stored);
    }
    stored.append(batch);
    if (stored.rows >= BLOCK_ROWS) this.#flush(receiver);
  }

  #flush(receiver: number): void {
    const { types } = this.#node;
    const stored = this.#waiting.get(receiver)!;
    const port = portOf(this.#ctx);
    const arena = new Arena(this.#ctx.memory, this.#ctx.owner);
    const ctx = { memory: this.#ctx.memory, kernels: this.#ctx.kernels, arena };
    const batches = [...readJoinedBatches(ctx, types, stored.head, WIRE_ROWS)];
    if (batches.length > 0) port.send(receiver, encodeBatches(port.arrow, ctx, types, batches));
    arena.release();
    stored.release();
    this.#waiting.delete(receiver);
  }
}

function portOf({ exchange }: OpenContext) {
  invariant(exchange !== undefined, 'only a task of a stage sends rows');
  return exchange;
}

const sink: Sink<SendNode, Sender> = {
  open: (node, ctx) => new Sender(node, ctx),
  push(state, batch): Step {
    const wake = state.drained();
    if (wake !== undefined) return { status: 'pending', wake };
    state.push(batch);
    return NEED_MORE;
  },
  finish: state => state.finish(),
};

export const send: Operator<SendNode> = {
  kind: 'send',
  sink,
  explain: node => [['to', explainRouting(node.to)]],
};
