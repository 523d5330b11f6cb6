import { RayexecError } from '../../common/errors.ts';
import type { DataType } from '../../types/data-type.ts';
import { TPCH_BATCH_ROWS, type TpchBatch, type TpchColumn, type TpchReader, type TpchTable } from './tpch-table.ts';

/** The units that a batch is made of. */
export type UnitRange = {
  firstUnit: number;
  units: number;
  /** How many rows each of the units has. */
  readonly rowsPerUnit: Int32Array;
  /** How many rows all of the units have. */
  rows: number;
};

/** Fills one column. Called for one range of units after the other, without gaps. */
export type ColumnFiller = { readonly column: TpchColumn; fill(range: UnitRange): void };

/** A column: its type, and how to start filling it at a unit. */
export type ColumnDefinition = { readonly type: DataType; open(scale: number, fromUnit: number): ColumnFiller };

/** Moves `range` to the units that follow it: as many as fit in a batch, at most `limit`. */
export type UnitPlan = (range: UnitRange, limit: number) => void;

/** What sets a table apart from the others. */
export type TableDefinition = {
  readonly name: string;
  units(scale: number): number;
  /** Rows a unit; on average if `planUnits` is given. */
  readonly rowsPerUnit: number;
  /** For tables whose units differ in their number of rows. */
  readonly planUnits?: (fromUnit: number) => UnitPlan;
  readonly columns: Readonly<Record<string, ColumnDefinition>>;
};

const MIN_SCALE = 0.0001;
const MAX_SCALE = 10000;

/** Makes a table of its columns' fillers. */
export function defineTable(definition: TableDefinition): TpchTable {
  const definitions = Object.values(definition.columns);
  const units = (scale: number): number => {
    checkScale(scale);
    return definition.units(scale);
  };
  const table: TpchTable = {
    name: definition.name,
    schema: Object.entries(definition.columns).map(([name, { type }]) => ({ name, type, nullable: false })),
    exactRowCount: definition.planUnits === undefined,
    rowCount: scale => units(scale) * definition.rowsPerUnit,
    units,
    open(scale, fromUnit, toUnit, columns) {
      checkUnits(definition.name, fromUnit, toUnit, units(scale));
      const fillers = columns.map(column => {
        const found = definitions[column];
        if (!found) {
          const summary = `${definition.name} has ${definitions.length} columns, none of them has number ${column}`;
          throw new RayexecError('invalid-argument', summary);
        }
        return found.open(scale, fromUnit);
      });
      const plan = definition.planUnits?.(fromUnit) ?? constantPlan(definition.rowsPerUnit);
      return openReader(fillers, plan, fromUnit, toUnit);
    },
    generate(scale, fromUnit, toUnit, columns, sink) {
      const reader = table.open(scale, fromUnit, toUnit, columns);
      for (let batch = reader.next(); batch; batch = reader.next()) sink(batch);
    },
  };
  return table;
}

function openReader(fillers: readonly ColumnFiller[], plan: UnitPlan, fromUnit: number, toUnit: number): TpchReader {
  const rowsPerUnit = new Int32Array(TPCH_BATCH_ROWS);
  const range: UnitRange = { firstUnit: fromUnit, units: 0, rowsPerUnit, rows: 0 };
  const columns = fillers.map(filler => filler.column);
  return {
    next(): TpchBatch | undefined {
      range.firstUnit += range.units;
      range.units = 0;
      if (range.firstUnit >= toUnit) return undefined;
      plan(range, toUnit - range.firstUnit);
      for (const filler of fillers) filler.fill(range);
      return { rows: range.rows, columns };
    },
  };
}

function constantPlan(rowsPerUnit: number): UnitPlan {
  return (range, limit) => {
    range.units = Math.min(limit, Math.floor(TPCH_BATCH_ROWS / rowsPerUnit));
    range.rows = range.units * rowsPerUnit;
    range.rowsPerUnit.fill(rowsPerUnit, 0, range.units);
  };
}

function checkScale(scale: number): void {
  if (scale === 0 || (scale >= MIN_SCALE && scale <= MAX_SCALE)) return;
  throw new RayexecError('invalid-argument', `${scale} is no scale factor of TPC-H data`, {
    hint: `it is 0 or a number from ${MIN_SCALE} to ${MAX_SCALE}; 1 makes six million rows of lineitem`,
  });
}

function checkUnits(table: string, fromUnit: number, toUnit: number, units: number): void {
  if (
    Number.isInteger(fromUnit) &&
    Number.isInteger(toUnit) &&
    0 <= fromUnit &&
    fromUnit <= toUnit &&
    toUnit <= units
  ) {
    return;
  }
  const summary = `${table} has ${units} units at this scale; a range from ${fromUnit} to ${toUnit} was asked for`;
  throw new RayexecError('invalid-argument', summary);
}
