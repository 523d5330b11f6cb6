import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { allRows, type Rows } from '../../../src/batch/batch.ts';
import { readColumn } from '../../../src/batch/read.ts';
import type { Vector } from '../../../src/batch/vector.ts';
import { SpillStore } from '../../../src/memory/spill-store.ts';
import type { PhysicalExpr } from '../../../src/plan/expr.ts';
import type { BoundSource } from '../../../src/plan/logical-plan.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import type { OpenContext } from '../../../src/protocol/context.ts';
import type { ScanRequest, TableFunction } from '../../../src/protocol/table-function.ts';
import { readParquet } from '../../../src/sources/parquet/read-parquet.ts';
import { UTF8 } from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import type { Scalar } from '../../../src/types/scalar.ts';
import { type TestContext, testContext } from '../../support/engine.ts';

export type ReadOptions = {
  readonly columns?: readonly string[];
  readonly batchRows?: number;
  readonly filters?: readonly PhysicalExpr[];
  /** Columns, by position, that `select` looks at. */
  readonly filterColumns?: readonly number[];
  /** The positions that stay. */
  readonly select?: (columns: readonly (RawValue[] | undefined)[], count: number) => number[];
  readonly limit?: number;
  /** The splits that are read, in this order; else all. */
  readonly splits?: readonly number[];
  readonly named?: Record<string, Scalar>;
  readonly platform?: Platform;
  readonly table?: TableFunction;
  /** Only this once, without the page cache: for tests that count. */
  readonly once?: boolean;
};

/** What came of reading: rows as values in the order of the columns, and the batches' shapes. */
export type ReadResult = {
  readonly source: BoundSource;
  readonly rows: readonly (readonly RawValue[])[];
  readonly batches: readonly { readonly count: number; readonly forms: readonly string[]; readonly split: number }[];
};

export const text = (value: string): Scalar => ({ type: UTF8, value });

/**
 * Binds and reads files with the checked kernels, through JSON, and checks that all memory is given back. Reads them
 * again, filling the page cache, and once more out of it: each time the same must come.
 */
export async function readRows(path: string | readonly string[], options: ReadOptions = {}): Promise<ReadResult> {
  const { platform = nodePlatform, table = readParquet, named = {} } = options;
  const positional: Scalar[] = [
    typeof path === 'string' ? text(path) : { type: { kind: 'list', element: UTF8 }, value: path },
  ];
  const bound = await table.bind({ positional, named }, { platform, splitRows: 1000 });
  const source = JSON.parse(JSON.stringify(bound)) as BoundSource;
  const ctx = testContext({ limit: 512 << 20 });
  const result = await readOnce(ctx, table, source, platform, options);
  ctx.memory.pages.setLimit(64 << 20);
  const settled = withVersion(platform);
  for (const times of options.once === true ? [] : ['filling the page cache', 'out of the page cache']) {
    const again = await readOnce(ctx, table, source, settled, options);
    if (!isDeepStrictEqual(outcome(again), outcome(result))) throw new Error(`something else was read ${times}`);
  }
  if (result instanceof Error) throw result;
  return { source, ...result };
}

type Outcome = Omit<ReadResult, 'source'> | Error;
const outcome = (result: Outcome): unknown => (result instanceof Error ? result.message : result);

/** Files that were just written have no version yet. */
const withVersion = (platform: Platform): Platform => ({
  ...platform,
  open: async path => ({ ...(await platform.open(path)), version: 'as written' }),
});

async function readOnce(
  ctx: TestContext,
  table: TableFunction,
  source: BoundSource,
  platform: Platform,
  options: ReadOptions,
): Promise<Outcome> {
  const before = ctx.memory.bytesInUse;
  const result = await scan(ctx, table, source, platform, options).catch((e: unknown) => e as Error);
  ctx.arena.release();
  // What another thread reads into is given back when it has done so.
  for (let turn = 0; turn < 100 && ctx.memory.bytesInUse > before; turn++) await setTimeout(1);
  const left = ctx.memory.bytesInUse - before;
  if (left !== 0) throw new Error(`${left} bytes were not given back`);
  return result;
}

async function scan(
  ctx: TestContext,
  table: TableFunction,
  source: BoundSource,
  platform: Platform,
  options: ReadOptions,
): Promise<Omit<ReadResult, 'source'>> {
  const names = source.schema.map(f => f.name);
  const columns = (options.columns ?? names).map(name => names.indexOf(name));
  const filterColumns = options.filterColumns ?? [];
  const { select, limit } = options;
  const filters = options.filters ?? [];
  const pick: ScanRequest['select'] = (vectors, among, read) => {
    if (read !== undefined) for (const i of filterColumns) vectors[i] = read(i, among);
    return selection(ctx, vectors, among.count, select);
  };
  const open: OpenContext = {
    ...ctx,
    platform,
    spill: new SpillStore(ctx.memory, platform, undefined),
    partition: 0,
    partitions: 1,
    batchRows: options.batchRows ?? 2048,
    shared: 0,
    filterSlot: () => 0,
    lasting: { owner: ctx.owner, states: new Map(), threadPartition: 0, threadPartitions: 1 },
    cancelled: () => false,
  };
  const reader = table.open(
    {
      source,
      columns,
      types: columns.map(c => source.schema[c]!.type),
      filters,
      narrows: filters.length > 0 || select !== undefined,
      filterColumns,
      limit,
      select: pick,
    },
    open,
  );
  const rows: RawValue[][] = [];
  const batches: ReadResult['batches'][number][] = [];
  try {
    for (const index of options.splits ?? source.splits.keys()) {
      reader.start(source.splits[index]!, index);
      for (;;) {
        ctx.arena.reset();
        const step = reader.pull();
        if (step.status === 'exhausted') break;
        if (step.status === 'pending') await step.wake;
        else if (step.status === 'ready') {
          const { batch } = step;
          const values = batch.columns.map(v => readColumn(ctx.memory, v, batch));
          for (let r = 0; r < batch.selected; r++) rows.push(values.map(v => v[r]!));
          batches.push({ count: batch.count, forms: batch.columns.map(v => v.form), split: batch.split });
        } else throw new Error(step.status);
      }
    }
  } finally {
    reader.close();
  }
  return { rows, batches };
}

function selection(
  ctx: TestContext,
  vectors: readonly (Vector | undefined)[],
  count: number,
  select: ReadOptions['select'],
): Rows {
  if (select === undefined) return allRows(count);
  const positions = select(
    vectors.map(v => v && readColumn(ctx.memory, v, allRows(count))),
    count,
  );
  const address = ctx.arena.alloc(2 * (positions.length + 1));
  ctx.memory.u16.set(positions, address >>> 1);
  return { count, selection: address, selected: positions.length };
}
