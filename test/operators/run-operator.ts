import type { Batch } from '../../src/batch/batch.ts';
import { buildVector } from '../../src/batch/builder.ts';
import { readColumn } from '../../src/batch/read.ts';
import type { Pieces } from '../../src/common/pieces.ts';
import { Arena } from '../../src/memory/arena.ts';
import { SpillStore } from '../../src/memory/spill-store.ts';
import type { PhysicalExpr } from '../../src/plan/expr.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import type { OpenContext } from '../../src/protocol/context.ts';
import type { Operator } from '../../src/protocol/operator.ts';
import type { Step } from '../../src/protocol/step.ts';
import type { DataType } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { type TestContext, testContext } from '../support/engine.ts';

export type Row = readonly RawValue[];

/** Rows of one input, and how they come: in batches of this size, dealt out to the partitions in turn. */
export type Input = { readonly types: readonly DataType[]; readonly rows: readonly Row[] };

export type RunOptions = {
  readonly partitions?: number;
  readonly batchRows?: number;
  /** Every third position of the batches is not a row. */
  readonly gaps?: boolean;
};

export const input = (index: number, type: DataType): PhysicalExpr => ({ kind: 'input', index, type });

/**
 * Runs one operator over plain rows, all partitions interleaved on this thread: the sink takes the last input, a
 * transform the first. Returns the rows handed on; by batch in `batches`.
 */
export function runOperator<Node>(
  operator: Operator<Node>,
  node: Node,
  inputs: readonly Input[],
  { partitions = 1, batchRows = 2048, gaps = false }: RunOptions = {},
): Row[] {
  const engine = testContext();
  const harness = new Harness(operator, node, engine, partitions, batchRows, gaps);
  let rows: Row[] = [];
  if (operator.sink !== undefined) harness.store(inputs.at(-1)!);
  if (operator.transform !== undefined) rows = rows.concat(harness.stream(inputs[0]!));
  const sources = operator.transform === undefined || operator.emitsAfterProbe?.(node) === true;
  if (operator.source !== undefined && sources) rows = rows.concat(harness.drain());
  return rows;
}

class Harness<Node> {
  readonly #operator: Operator<Node>;
  readonly #node: Node;
  readonly #engine: TestContext;
  readonly #partitions: number;
  readonly #batchRows: number;
  readonly #gaps: boolean;
  readonly #shared: number;

  constructor(
    operator: Operator<Node>,
    node: Node,
    engine: TestContext,
    partitions: number,
    batchRows: number,
    gaps: boolean,
  ) {
    this.#operator = operator;
    // Nodes are data: they must survive being shipped.
    this.#node = JSON.parse(JSON.stringify(node));
    this.#engine = engine;
    this.#partitions = partitions;
    this.#batchRows = batchRows;
    this.#gaps = gaps;
    this.#shared = engine.arena.allocZeroed(operator.sharedBytes?.(node, partitions) ?? 0);
  }

  store(from: Input): void {
    const sink = this.#operator.sink!;
    const clones = this.#clones(ctx => sink.open(this.#node, ctx));
    const open = new Set(clones);
    for (const [i, batch] of this.#split(from).entries()) {
      const clone = clones[i % clones.length]!;
      if (!open.has(clone)) continue;
      const step = sink.push(clone.state, this.#batch(from, batch, clone.ctx, i));
      if (step.status === 'exhausted') open.delete(clone);
      wreck(clone.ctx);
    }
    sideBySide(clones.map(c => sink.finish?.(c.state)));
    sideBySide([sink.seal?.(this.#node, clones[0]!.ctx)]);
    for (const c of clones) wreck(c.ctx);
    sideBySide(clones.map(c => sink.complete?.(c.state, c.ctx)));
    for (const c of clones) sink.close?.(c.state);
  }

  stream(from: Input): Row[] {
    const transform = this.#operator.transform!;
    const clones = this.#clones(ctx => transform.open(this.#node, ctx));
    const rows: Row[] = [];
    for (const [i, batch] of this.#split(from).entries()) {
      const clone = clones[i % clones.length]!;
      let step: Step = transform.push(clone.state, this.#batch(from, batch, clone.ctx, i));
      rows.push(...this.#rowsOf(step));
      while (step.status === 'has-more') {
        step = transform.resume!(clone.state);
        rows.push(...this.#rowsOf(step));
      }
      wreck(clone.ctx);
      if (step.status === 'exhausted') break;
    }
    for (const c of clones) transform.close?.(c.state);
    return rows;
  }

  drain(): Row[] {
    const source = this.#operator.source!;
    const clones = this.#clones(ctx => source.open(this.#node, ctx), source.partitions?.(this.#node));
    const rows: Row[] = [];
    const open = new Set(clones);
    while (open.size > 0) {
      for (const clone of open) {
        wreck(clone.ctx);
        const step = source.pull(clone.state);
        rows.push(...this.#rowsOf(step));
        if (step.status === 'exhausted') open.delete(clone);
      }
    }
    for (const c of clones) source.close?.(c.state);
    return rows;
  }

  #rowsOf(step: Step): Row[] {
    const batch = 'batch' in step ? step.batch : undefined;
    if (batch === undefined) return [];
    if (batch.selected === 0 || batch.selected > Math.max(this.#batchRows, batch.count))
      throw new Error(`a batch of ${batch.selected} rows`);
    const columns = batch.columns.map(c => readColumn(this.#engine.memory, c, batch));
    return Array.from({ length: batch.selected }, (_, i) => columns.map(c => c[i]!));
  }

  #clones<S>(open: (ctx: OpenContext) => S, partitions = this.#partitions): { state: S; ctx: OpenContext }[] {
    const { memory, kernels, owner } = this.#engine;
    return Array.from({ length: partitions }, (_, partition) => {
      const ctx: OpenContext = {
        memory,
        kernels,
        owner,
        arena: new Arena(memory, owner),
        platform: nodePlatform,
        spill: new SpillStore(memory, nodePlatform, undefined),
        partition,
        partitions,
        batchRows: this.#batchRows,
        shared: this.#shared,
        filterSlot: () => 0,
        lasting: {
          owner: this.#engine.owner,
          states: new Map(),
          threadPartition: partition,
          threadPartitions: this.#partitions,
        },
        cancelled: () => false,
      };
      return { state: open(ctx), ctx };
    });
  }

  #split({ rows }: Input): Row[][] {
    const batches: Row[][] = [];
    for (let i = 0; i < rows.length; i += this.#batchRows) batches.push(rows.slice(i, i + this.#batchRows));
    return batches;
  }

  #batch({ types }: Input, rows: readonly Row[], ctx: OpenContext, split: number): Batch {
    const build = { memory: ctx.memory, arena: ctx.arena };
    if (!this.#gaps) {
      const columns = types.map((t, i) =>
        buildVector(
          build,
          t,
          rows.map(r => r[i]!),
        ),
      );
      return { count: rows.length, selection: 0, selected: rows.length, columns, split };
    }
    const spread = rows.flatMap((r, i) => (i % 2 === 0 ? [r, undefined] : [r]));
    const selection = ctx.arena.alloc((rows.length + 1) * 2);
    ctx.memory.u16.set(
      spread.flatMap((r, i) => (r === undefined ? [] : [i])),
      selection >>> 1,
    );
    const columns = types.map((t, i) =>
      buildVector(
        build,
        t,
        spread.map(r => (r === undefined ? null : r[i]!)),
      ),
    );
    return { count: spread.length, selection, selected: rows.length, columns, split };
  }
}

/** Does clones' work, a piece of each in turn. */
function sideBySide(works: readonly (Pieces | undefined)[]): void {
  let open = works.filter(w => w !== undefined);
  while (open.length > 0) open = open.filter(w => w.next().done !== true);
}

/** What the batch arena held is gone, as after the driver's next pull. */
function wreck(ctx: OpenContext): void {
  ctx.arena.reset();
  const start = ctx.arena.alloc(0);
  ctx.arena.reset();
  ctx.memory.u8.fill(0xa5, start, start + 65536);
}

/** A value as text, equal for values that are equal to GROUP BY and joins. */
export function keyText(value: RawValue): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `b[${[...value]}]`;
  if (Array.isArray(value)) return `[${value.map(keyText).join(',')}]`;
  if (typeof value === 'object') {
    const { months, days, micros } = value as { months: number; days: number; micros: bigint };
    return `i${BigInt(months * 30 + days) * 86_400_000_000n + micros}`;
  }
  if (typeof value === 'number') return `number${Object.is(value, -0) ? 0 : value}`;
  return `${typeof value}${JSON.stringify(typeof value === 'bigint' ? value.toString() : value)}`;
}

/** Rows in an order that only depends on what they are, for comparing as sets. */
export const sortedRows = (rows: readonly Row[]): string[] => rows.map(r => r.map(keyText).join(' | ')).sort();
