import { type Batch, batchOf, type Rows } from '../batch/batch.ts';
import { combineValidity } from '../kernels/vectors.ts';
import { Arena } from '../memory/arena.ts';
import type { PhysicalExpr, PhysicalSortKey } from '../plan/expr.ts';
import { typeOf } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Transform } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import type { AsofComparison, AsofJoinType } from '../types/join-type.ts';
import { physicalType, widthOf } from '../types/physical.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import { gatherField } from './lib/rows/gather-rows.ts';
import { RunSearch } from './lib/sorts/run-search.ts';
import { SortKeyEncoder } from './lib/sorts/sort-keys.ts';
import { type SortRowLayout, SortRows, sortRowLayout } from './lib/sorts/sort-rows.ts';
import { SortedPart } from './lib/sorts/sorted-parts.ts';

/**
 * Joins each row of input 0 with the one nearest row of input 1. The clones sort the rows of input 1 by the keys that
 * must be equal, then by the one that must be nearest, a run each; what streams past looks its place up in every run: the
 * row before it is the match if its first keys are the same. So n rows find their matches among m in n × log m steps.
 */
export type AsofJoinNode = {
  readonly kind: 'asof-join';
  readonly joinType: AsofJoinType;
  /** Over input 0 and input 1, of the same type. */
  readonly keys: readonly { readonly left: PhysicalExpr; readonly right: PhysicalExpr; readonly nullsEqual: boolean }[];
  readonly match: { readonly op: AsofComparison; readonly left: PhysicalExpr; readonly right: PhysicalExpr };
  readonly leftTypes: readonly DataType[];
  readonly rightTypes: readonly DataType[];
  /** Positions handed on, of the columns of input 0, then (not for semi and anti) those of input 1. */
  readonly output: readonly number[];
};

/** What the roles derive from the node. */
type Shape = {
  readonly layout: SortRowLayout;
  /** Columns of input 1 that are stored, in the payload's order. */
  readonly stored: readonly number[];
  readonly left: readonly PhysicalSortKey[];
  readonly right: readonly PhysicalSortKey[];
};

function shapeOf({ keys, match, leftTypes, rightTypes, output }: AsofJoinNode): Shape {
  // The nearest row after a key is the one before it when the order is turned round.
  const descending = match.op === '<=' || match.op === '<';
  const sortKeys = (side: 'left' | 'right'): PhysicalSortKey[] => [
    ...keys.map(k => ({ expr: k[side], descending: false, nullsFirst: false })),
    { expr: match[side], descending, nullsFirst: false },
  ];
  const right = sortKeys('right');
  const stored = output.filter(i => i >= leftTypes.length).map(i => i - leftTypes.length);
  const types = stored.map(i => rightTypes[i]!);
  return { layout: sortRowLayout(right, types), stored, left: sortKeys('left'), right };
}

/** Keys whose NULLs match nothing. */
const strictKeys = ({ keys, match }: AsofJoinNode, side: 'left' | 'right'): readonly PhysicalExpr[] =>
  [...keys.filter(k => !k.nullsEqual), match].map(k => k[side]);

class AsofBuild {
  readonly rows: SortRows;
  readonly part: SortedPart;
  readonly #shape: Shape;
  readonly #exprs: BatchExprs;
  readonly #encoder: SortKeyEncoder;
  readonly #strict: readonly number[];

  constructor(node: AsofJoinNode, ctx: OpenContext) {
    this.#shape = shapeOf(node);
    this.rows = new SortRows(ctx, this.#shape.layout);
    this.part = new SortedPart(ctx);
    this.#exprs = new BatchExprs(ctx);
    this.#encoder = new SortKeyEncoder(ctx, this.#exprs, this.#shape.layout.key);
    this.#strict = strictKeys(node, 'right').map(e => this.#exprs.add(e));
  }

  push({ columns, count, selection, selected }: Batch): void {
    this.#exprs.start(columns);
    const rows = this.#exprs.valid(this.#strict, { count, selection, selected });
    if (rows.selected === 0) return;
    const stored = this.#shape.stored.map(c => columns[c]!);
    this.rows.append(this.#encoder.encode(rows), stored, rows);
  }

  close(): void {
    this.#exprs.close();
  }
}

const sink: Sink<AsofJoinNode, AsofBuild> = {
  open: (node, ctx) => new AsofBuild(node, ctx),
  push(state, batch) {
    state.push(batch);
    return NEED_MORE;
  },
  finish: state => state.part.publish(state.rows),
  complete: state => state.part.sort(state.rows),
  close: state => state.close(),
};

class AsofProbe {
  readonly #node: AsofJoinNode;
  readonly #ctx: OpenContext;
  readonly #shape: Shape;
  readonly #heap: Arena;
  readonly #exprs: BatchExprs;
  readonly #encoder: SortKeyEncoder;
  readonly #strict: readonly number[];
  /** Bytes of the keys that must be equal, where they are fixed. */
  readonly #prefix: number;
  readonly #runs: RunSearch;

  constructor(node: AsofJoinNode, ctx: OpenContext) {
    this.#node = node;
    this.#ctx = ctx;
    this.#shape = shapeOf(node);
    const { layout, left } = this.#shape;
    this.#exprs = new BatchExprs(ctx);
    this.#encoder = new SortKeyEncoder(ctx, this.#exprs, { ...layout.key, keys: left });
    this.#strict = strictKeys(node, 'left').map(e => this.#exprs.add(e));
    this.#prefix =
      layout.key.fixedBytes === 0 ? 0 : node.keys.reduce((n, k) => n + 1 + widthOf(physicalType(typeOf(k.left))), 0);
    this.#heap = new Arena(ctx.memory, ctx.owner);
    this.#runs = new RunSearch(ctx, layout, this.#heap);
  }

  push(batch: Batch): Step {
    const { joinType, output, leftTypes } = this.#node;
    if (this.#runs.isEmpty && (joinType === 'inner' || joinType === 'semi')) return EXHAUSTED;
    const rows: Rows = { count: batch.count, selection: batch.selection, selected: batch.selected };
    const found = this.#search(batch, rows);
    const kept = joinType === 'left' ? { ...rows, addresses: found } : this.#keep(found, rows, joinType === 'anti');
    if (kept.selected === 0) return NEED_MORE;
    const { addresses, ...some } = kept;
    const { fields } = this.#shape.layout.payload;
    const matches = { address: addresses, count: some.selected, selection: some.selection, length: batch.count };
    let next = 0;
    const columns = output.map(i =>
      i < leftTypes.length ? batch.columns[i]! : gatherField(this.#ctx, fields[next++]!, matches),
    );
    return ready(batchOf(some, columns, batch.split));
  }

  close(): void {
    this.#exprs.close();
    this.#heap.release();
  }

  /** For each row the address of its match (u32), or 0. */
  #search({ columns }: Batch, rows: Rows): number {
    if (this.#runs.isEmpty) return this.#ctx.arena.allocZeroed(rows.selected * 4);
    const { keys, match } = this.#node;
    this.#exprs.start(columns);
    const encoded = this.#encoder.encode(rows, keys.length);
    const strict = this.#strict.map(i => this.#exprs.plain(i, rows));
    const validity = combineValidity(this.#ctx, strict, rows);
    const isStrict = match.op === '>' || match.op === '<';
    return this.#runs.lastBefore(encoded, rows, { validity, equalBytes: this.#prefix, isStrict });
  }

  /** The rows with a match, or those without. */
  #keep(found: number, { count, selection, selected }: Rows, missing: boolean): Rows & { readonly addresses: number } {
    const { arena, kernels } = this.#ctx;
    const positions = arena.alloc((selected + 1) * 2);
    const addresses = arena.alloc((selected + 1) * 4);
    const kept = kernels.asof_keep(found, selection, selected, missing ? 1 : 0, positions, addresses);
    return { count, selection: positions, selected: kept, addresses };
  }
}

const transform: Transform<AsofJoinNode, AsofProbe> = {
  open: (node, ctx) => new AsofProbe(node, ctx),
  push: (state, batch) => state.push(batch),
  close: state => state.close(),
};

export const asofJoin: Operator<AsofJoinNode> = {
  kind: 'asof-join',
  sink,
  transform,
  sharedBytes: () => 8,
  explain({ joinType, keys, match, leftTypes, rightTypes }) {
    const names = rightTypes.map((_, i) => `#${leftTypes.length + i}`);
    const pairs = [...keys.map(k => ({ ...k, op: k.nullsEqual ? 'is not distinct from' : '=' })), match];
    const condition = pairs.map(k => `${explainExpr(k.left)} ${k.op} ${explainExpr(k.right, names)}`);
    return [
      ['type', joinType],
      ['condition', condition.join(' and ')],
    ];
  },
};
