import { RayexecError } from '../../common/errors.ts';
import { type DataType, type Field, sameType } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import type { ColumnLayout, FileColumn } from './column-layout.ts';
import { conversionTo } from './value-type.ts';

export type FileSchema = { readonly path: string; readonly columns: readonly FileColumn[] };

export type UnitedSchema = {
  readonly fields: readonly Field[];
  /** Distinct layouts of files: for each field where it is, or null. */
  readonly layouts: readonly (readonly (ColumnLayout | null)[])[];
  /** Which layout each file has. */
  readonly layoutOf: readonly number[];
};

/**
 * One schema for all files: the first file's columns, which the others must have too, or by name the columns of any
 * file. Numbers widen where files differ. @throws RayexecError `bind`
 */
export function uniteSchemas(files: readonly FileSchema[], unionByName: boolean): UnitedSchema {
  const columns = files.map(f => columnsByName(f.columns));
  const names = new Map<string, string>();
  for (const file of unionByName ? columns : columns.slice(0, 1)) {
    for (const [key, { name }] of file) if (!names.has(key)) names.set(key, name);
  }
  const fields: Field[] = [];
  const perField: (readonly (ColumnLayout | null)[])[] = [];
  for (const [key, name] of names) {
    const found = columns.map(c => c.get(key));
    found.forEach((column, i) => {
      if (column === undefined && !unionByName) throw missing(name, files[0]!.path, files[i]!.path);
    });
    const type = found.reduce<DataType | undefined>(
      (a, c, i) => (c ? widest(a, c.layout.type, name, files[i]!.path) : a),
      undefined,
    )!;
    const layouts = found.map((c, i) => (c === undefined ? null : withType(c, type, files[i]!.path)));
    fields.push({ name, type, nullable: layouts.some(l => l === null || l.nullable) });
    perField.push(layouts);
  }
  return { fields, ...distinctLayouts(files.map((_, i) => perField.map(layouts => layouts[i]!))) };
}

/** Columns by lower-case name; repeated names get a number: `a`, `a_1`. */
function columnsByName(columns: readonly FileColumn[]): Map<string, FileColumn> {
  const found = new Map<string, FileColumn>();
  for (const column of columns) {
    let { name } = column;
    for (let n = 1; found.has(name.toLowerCase()); n++) name = `${column.name}_${n}`;
    found.set(name.toLowerCase(), { ...column, name });
  }
  return found;
}

function missing(name: string, first: string, other: string): RayexecError {
  return new RayexecError('bind', `the file '${other}' has no column '${name}', which '${first}' has`, {
    hint: 'union_by_name = true reads files with different columns',
  });
}

function widest(a: DataType | undefined, b: DataType, name: string, path: string): DataType {
  if (a === undefined || sameType(a, b)) return b;
  if (a.kind === 'int' && b.kind === 'int' && a.signed === b.signed) return a.bits >= b.bits ? a : b;
  if (a.kind === 'float' && b.kind === 'float') return a.bits >= b.bits ? a : b;
  if (a.kind === 'float' && b.kind === 'int') return { kind: 'float', bits: 64 };
  if (a.kind === 'int' && b.kind === 'float') return { kind: 'float', bits: 64 };
  if (a.kind === 'decimal' && b.kind === 'decimal' && a.scale === b.scale) return a.precision >= b.precision ? a : b;
  throw new RayexecError(
    'bind',
    `the column '${name}' is ${typeName(a)} in some files, and ${typeName(b)} in '${path}'`,
  );
}

function withType({ name, layout, element }: FileColumn, type: DataType, path: string): ColumnLayout {
  if (sameType(layout.type, type)) return layout;
  const conversion = layout.kind === 'leaf' ? conversionTo(element, type) : undefined;
  if (layout.kind !== 'leaf' || conversion === undefined) {
    throw new RayexecError(
      'bind',
      `the column '${name}' is ${typeName(layout.type)} in '${path}', which can't be read as ${typeName(type)}`,
    );
  }
  return { ...layout, type, conversion };
}

function distinctLayouts(
  layouts: readonly (readonly (ColumnLayout | null)[])[],
): Pick<UnitedSchema, 'layouts' | 'layoutOf'> {
  const known = new Map<string, number>();
  const distinct: (readonly (ColumnLayout | null)[])[] = [];
  const layoutOf = layouts.map(layout => {
    const key = JSON.stringify(layout);
    const index = known.get(key) ?? distinct.push(layout) - 1;
    known.set(key, index);
    return index;
  });
  return { layouts: distinct, layoutOf };
}
