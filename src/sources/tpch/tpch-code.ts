import { allRows, batchOf } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { invariant, RayexecError } from '../../common/errors.ts';
import type { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { OpenContext } from '../../protocol/context.ts';
import type { TableFunctionCode } from '../../protocol/lazy-table-function.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader, TableArguments } from '../../protocol/table-function.ts';
import type { DataType } from '../../types/data-type.ts';
import { unscaledText } from '../../types/explain-scalar.ts';
import type { TpchColumn, TpchReader, TpchTable } from './tpch-table.ts';
import { tpchTables } from './tpch-tables.ts';

/** Opening a range costs the generator about a megabyte, so ranges are not small. */
const UNITS_PER_SPLIT = 25_000;

/** What the table function of a table does. */
export function tpchCode(name: string): TableFunctionCode {
  const table = tpchTables.find(t => t.name === name);
  invariant(table !== undefined, 'a table of TPC-H');
  return {
    bind: async args => {
      const scale = scaleOf(table, args);
      const units = table.units(scale);
      const splits: Split[] = [];
      for (let from = 0; from < units; from += UNITS_PER_SPLIT) {
        const to = Math.min(units, from + UNITS_PER_SPLIT);
        splits.push({ rows: Math.round((table.rowCount(scale) * (to - from)) / units), state: { from, to } });
      }
      return {
        fn: `tpch_${table.name}`,
        label: `tpch_${table.name}(${scale})`,
        schema: table.schema,
        statistics: { rows: table.rowCount(scale), exactRows: table.exactRowCount },
        splits,
        state: { scale },
      };
    },
    open: (scan, ctx) => new TpchSplitReader(table, scan, ctx),
  };
}

function scaleOf(table: TpchTable, { positional, named }: TableArguments): number {
  const given = positional[0] ?? named['scale'] ?? named['sf'];
  const { type, value } = given ?? { type: undefined, value: null };
  const scale = type?.kind === 'decimal' ? Number(unscaledText(String(value), type.scale)) : Number(value);
  if (given === undefined || value === null || Number.isNaN(scale)) {
    throw new RayexecError('bind', `tpch_${table.name} needs a scale factor`, { hint: `tpch_${table.name}(0.1)` });
  }
  return scale;
}

class TpchSplitReader implements SplitReader {
  readonly #table: TpchTable;
  readonly #scan: ScanRequest;
  readonly #ctx: OpenContext;
  #reader: TpchReader | undefined;
  #split = 0;

  constructor(table: TpchTable, scan: ScanRequest, ctx: OpenContext) {
    this.#table = table;
    this.#scan = scan;
    this.#ctx = ctx;
  }

  start(split: Split, index: number): void {
    const { scale } = this.#scan.source.state as { scale: number };
    const { from, to } = split.state as { from: number; to: number };
    this.#reader = this.#table.open(scale, from, to, this.#scan.columns);
    this.#split = index;
  }

  pull(): Step {
    const generated = this.#reader?.next();
    if (generated === undefined) return EXHAUSTED;
    const { memory, arena } = this.#ctx;
    const columns = generated.columns.map((c, i) => toVector(memory, arena, this.#scan.types[i]!, c, generated.rows));
    return ready(batchOf(this.#scan.select(columns, allRows(generated.rows)), columns, this.#split));
  }

  close(): void {
    this.#reader = undefined;
  }
}

/** Copies a generated column into linear memory. */
function toVector(memory: LinearMemory, arena: Arena, type: DataType, column: TpchColumn, rows: number): Vector {
  switch (column.kind) {
    case 'int32': {
      const data = arena.alloc(4 * rows);
      memory.i32.set(column.values.subarray(0, rows), data >>> 2);
      return Vector.flat(type, rows, data);
    }
    case 'int64': {
      const data = arena.alloc(8 * rows);
      memory.i32.set(column.words.subarray(0, 2 * rows), data >>> 2);
      return Vector.flat(type, rows, data);
    }
    case 'utf8': {
      const { offsets, bytes } = column;
      const text = arena.alloc(offsets[rows]!);
      const data = arena.alloc(8 * rows);
      memory.u8.set(bytes.subarray(0, offsets[rows]!), text);
      const u32 = memory.u32;
      for (let i = 0, at = data >>> 2; i < rows; i++) {
        u32[at++] = text + offsets[i]!;
        u32[at++] = offsets[i + 1]! - offsets[i]!;
      }
      return Vector.flat(type, rows, data);
    }
  }
}
