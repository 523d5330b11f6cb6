import { allRows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import { type PhysicalAggregate, typeOf } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { DataType } from '../../../types/data-type.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { rowSpans } from '../rows/row-blocks.ts';
import { type BatchRows, batchRows, packBatch } from '../spill/batch-rows.ts';
import type { SpilledFile } from '../spill/row-format.ts';
import { OWN_HASH, SpillPartitions } from '../spill/spill-partitions.ts';
import type { AggregateCall } from './aggregate-calls.ts';
import type { CollectedInput, Collector } from './collected-input.ts';
import { gatherKeys } from './group-keys.ts';
import type { GroupShape, HashAggregateNode } from './group-shape.ts';
import type { GroupTable } from './group-table.ts';
import { partialColumns, stateTypes } from './partial-states.ts';

/** Types of what is in the files of a node: first key fields and states; then, per collected input, key fields and its values. */
function streamTypes({ fieldTypes, calls, collected }: GroupShape): DataType[][] {
  return [[...fieldTypes, ...stateTypes(calls)], ...collected.map(input => [...fieldTypes, ...collectedTypes(input)])];
}

/** Of the arguments, then of what they are ordered by. */
const collectedTypes = (input: CollectedInput): readonly DataType[] =>
  input.kind === 'distinct' ? input.types.slice(1) : input.area.fields.slice(1).map(f => f.type);

/** How rows of each stream lie in the files. */
export const streamRows = (shape: GroupShape): readonly BatchRows[] => streamTypes(shape).map(batchRows);

/**
 * The position of the first value of each collected input when all streams' columns are put side by side: key fields,
 * states, the inputs' values.
 */
export function collectedPositions(shape: GroupShape): readonly number[] {
  const [states, ...inputs] = streamTypes(shape);
  let next = states!.length;
  return inputs.map(types => {
    const at = next;
    next += types.length - shape.fieldTypes.length;
    return at;
  });
}

/** The node that goes on where the files end: it takes keys, states and collected values from their positions. */
export function nodeOverFiles(node: HashAggregateNode, shape: GroupShape): HashAggregateNode {
  const positions = collectedPositions(shape);
  const inputOf = (call: AggregateCall): number =>
    shape.collected.findIndex(c => c.calls.some(other => other === call));
  const aggregates = node.aggregates.map((aggregate, i): PhysicalAggregate => {
    const input = inputOf(shape.calls[i]!);
    if (input < 0) return aggregate;
    const at = positions[input]!;
    const text = (e: unknown): string => JSON.stringify(e, (key, value) => (key === 'span' ? undefined : value));
    const texts = aggregate.args.map(text);
    const value = (index: number, type: DataType) => ({ kind: 'input', index: at + index, type }) as const;
    return {
      ...aggregate,
      // Some aggregates insist on constants.
      args: aggregate.args.map((a, j) => (j > 0 && a.kind === 'literal' ? a : value(j, typeOf(a)))),
      filter: undefined,
      orderBy: aggregate.orderBy?.map((key, j) => {
        if (shape.collected[input]!.kind === 'ordered')
          return { ...key, expr: value(aggregate.args.length + j, typeOf(key.expr)) };
        const arg = texts.indexOf(text(key.expr));
        return arg < 0 || (arg > 0 && aggregate.args[arg]!.kind === 'literal')
          ? key
          : { ...key, expr: value(arg, typeOf(key.expr)) };
      }),
    };
  });
  return {
    ...node,
    keys: node.keys.map((k, index) => ({ kind: 'input', index, type: typeOf(k) })),
    aggregates,
  };
}

/** Rows that are moved at a time. */
const CHUNK = 2048;

type Context = AggregateContext & OpenContext;

/** One clone's groups in files, dealt out by hash of their keys: states, and what was collected. */
export class GroupFiles {
  readonly #shape: GroupShape;
  readonly #layouts: readonly BatchRows[];
  readonly #streams: readonly SpillPartitions[];

  constructor(ctx: OpenContext, shape: GroupShape, level: number) {
    this.#shape = shape;
    this.#layouts = streamRows(shape);
    this.#streams = this.#layouts.map(l => new SpillPartitions(ctx, l.format, OWN_HASH, level));
  }

  /** Adds all that a table and its collectors have. */
  *append(ctx: Context, table: GroupTable, collectors: readonly Collector[]): Pieces {
    const { layout, fieldTypes, calls, collected } = this.#shape;
    const keysOf = (groups: number, n: number): Vector[] => gatherKeys(ctx, layout, fieldTypes, denseRows(groups, n));
    for (const [rows, n] of chunksOf(ctx, table.rows)) {
      const mark = ctx.arena.mark();
      const groups = addressesOf(ctx, rows, layout.rowBytes, n);
      this.#put(ctx, 0, [...keysOf(groups, n), ...partialColumns(ctx, calls, groups, n)], groups, n);
      ctx.arena.rewind(mark);
      yield;
    }
    for (const [i, collector] of collectors.entries()) {
      const input = collected[i]!;
      for (const [rows, n] of chunksOf(ctx, collector.rows)) {
        const mark = ctx.arena.mark();
        const addresses = denseRows(addressesOf(ctx, rows, collector.rows.rowBytes, n), n);
        const [groups, ...values] =
          input.kind === 'distinct'
            ? gatherKeys(ctx, input.layout, input.types, addresses)
            : input.area.fields.map(f => gatherField(ctx, f, addresses));
        this.#put(ctx, i + 1, [...keysOf(groups!.data, n), ...values], groups!.data, n);
        ctx.arena.rewind(mark);
        yield;
      }
    }
  }

  /** By stream, by partition. */
  finish(): (SpilledFile | undefined)[][] {
    return this.#streams.map(s => s.finish());
  }

  #put(ctx: Context, stream: number, columns: readonly Vector[], groups: number, n: number): void {
    const layout = this.#layouts[stream]!;
    const packed = packBatch(ctx, layout, columns, allRows(n));
    ctx.kernels.spill_take_hashes(groups, n, packed.address, layout.rowBytes);
    this.#streams[stream]!.append(packed.rows, n);
  }
}

function* chunksOf(
  { memory }: OpenContext,
  { first, rowBytes }: { readonly first: number; readonly rowBytes: number },
): Generator<readonly [address: number, count: number]> {
  for (const { address, count } of rowSpans(memory, first)) {
    for (let from = 0; from < count; from += CHUNK) yield [address + from * rowBytes, Math.min(CHUNK, count - from)];
  }
}

function addressesOf({ arena, kernels }: OpenContext, rows: number, rowBytes: number, n: number): number {
  const addresses = arena.alloc(4 * n);
  kernels.row_addresses(rows, rowBytes, n, addresses);
  return addresses;
}
