import { type PhysicalExpr, type PhysicalSortKey, type PhysicalWindowCall, typeOf } from '../../../plan/expr.ts';
import { type DataType, UINT32 } from '../../../types/data-type.ts';
import { physicalType, widthOf } from '../../../types/physical.ts';
import { type SortRowLayout, sortRowLayout } from '../sorts/sort-rows.ts';

/** What a window node's rows are laid out by. */
type Windowed = {
  readonly partitionBy: readonly PhysicalExpr[];
  readonly orderBy: readonly PhysicalSortKey[];
  readonly functions: readonly PhysicalWindowCall[];
  readonly columns: readonly number[];
  readonly types: readonly DataType[];
};

/** Rows of a window node: the key (PARTITION BY, ORDER BY, the source's order), then the values of `exprs`. */
export type WindowLayout = {
  readonly rows: SortRowLayout;
  /** The columns handed on, then what the functions read beside them. */
  readonly exprs: readonly PhysicalExpr[];
  /** Keys of PARTITION BY; their bytes, and with those of ORDER BY, when keys are fixed. */
  readonly partitionKeys: number;
  readonly partitionBytes: number;
  readonly peerBytes: number;
  /** Offset in the row of the bytes (u32) of PARTITION BY when keys vary; -1 for none. */
  readonly lengthAt: number;
  readonly orderBy: readonly PhysicalSortKey[];
};

export function windowLayout({ partitionBy, orderBy, functions, columns, types }: Windowed): WindowLayout {
  const exprs: PhysicalExpr[] = columns.map(index => ({ kind: 'input', index, type: types[index]! }));
  const known = new Set(exprs.map(textOf));
  for (const expr of functions.flatMap(partsOf)) {
    if (expr.kind === 'literal' || known.has(textOf(expr))) continue;
    known.add(textOf(expr));
    exprs.push(expr);
  }
  const rising = (expr: PhysicalExpr): PhysicalSortKey => ({ expr, descending: false, nullsFirst: false });
  const split = rising({ kind: 'input', index: types.length, type: UINT32 });
  const partition = partitionBy.map(rising);
  const valueTypes = exprs.map(typeOf);
  const isFixed = sortRowLayout([...partition, ...orderBy, split], []).key.fixedBytes > 0;
  const hasLength = !isFixed && partitionBy.length > 0;
  const rows = sortRowLayout([...partition, ...orderBy, split], hasLength ? [...valueTypes, UINT32] : valueTypes);
  const bytesOf = (keys: readonly PhysicalSortKey[]): number =>
    isFixed ? keys.reduce((sum, k) => sum + 1 + widthOf(physicalType(typeOf(k.expr))), 0) : 0;
  return {
    rows,
    exprs,
    partitionKeys: partition.length,
    partitionBytes: bytesOf(partition),
    peerBytes: bytesOf([...partition, ...orderBy]),
    lengthAt: hasLength ? rows.payload.fields.at(-1)!.offset : -1,
    orderBy,
  };
}

/** The field that holds an expression's values; undefined for constants. */
export function fieldOf({ exprs }: WindowLayout, expr: PhysicalExpr): number | undefined {
  if (expr.kind === 'literal') return undefined;
  const text = textOf(expr);
  return exprs.findIndex(e => textOf(e) === text);
}

const textOf = (expr: PhysicalExpr): string => JSON.stringify(expr);

/** The expressions whose values a function needs of its rows. */
function partsOf({ args, filter, orderBy, frame }: PhysicalWindowCall): PhysicalExpr[] {
  const parts = [...args, ...(filter === undefined ? [] : [filter]), ...(orderBy ?? []).map(k => k.expr)];
  for (const bound of [frame.start, frame.end]) {
    if (!('offset' in bound)) continue;
    parts.push(bound.offset);
    if (bound.negative !== undefined) parts.push(bound.negative);
  }
  return parts;
}
