import type { Catalog } from '../../catalog/catalog.ts';
import { storedColumns, type TableColumn, type TableEntry } from '../../catalog/entry.ts';
import { RayexecError } from '../../common/errors.ts';
import type { TableFunction } from '../../protocol/table-function.ts';
import type { Expr } from '../../query/expr.ts';
import type { Copy } from '../../query/statement.ts';
import { struct, UTF8 } from '../../types/data-type.ts';
import { childTypes } from '../../types/physical.ts';
import type { Scalar } from '../../types/scalar.ts';
import { typeName } from '../../types/type-name.ts';
import { type ConstantContext, constantOf } from '../constant-value.ts';
import type { SourceCall } from '../resolve-key.ts';
import { sameName } from '../scope.ts';

const FORMATS = ['parquet', 'csv', 'json', 'arrow'] as const;
export type FileFormat = (typeof FORMATS)[number];

/** Bare words are texts, also in lists. */
function optionExpr(expr: Expr): Expr {
  if (expr.kind === 'name' && expr.path.length === 1)
    return { kind: 'literal', value: { type: UTF8, value: expr.path[0]! }, span: expr.span };
  return expr.kind === 'call' && expr.fn === 'list_value' ? { ...expr, args: expr.args.map(optionExpr) } : expr;
}

/** The option's value: a constant, or a bare word; `*` is the text of that. */
export function optionValue(name: string, copy: Copy, constants: ConstantContext): Scalar | undefined {
  const expr = copy.options[name];
  if (expr === undefined) return undefined;
  if (expr.kind === 'star') return { type: UTF8, value: '*' };
  const value = constantOf(optionExpr(expr), constants);
  if (value !== undefined) return value;
  throw new RayexecError('bind', `The option ${name.toUpperCase()} of COPY must be a constant`, { span: expr.span });
}

/** The format that COPY says or that the file's name tells. @throws RayexecError `bind` when neither does */
export function formatOf(copy: Copy, constants: ConstantContext): FileFormat {
  const path = pathValue(copy, constants).value;
  const said = optionValue('format', copy, constants)?.value;
  const name = String(
    said ??
      String(Array.isArray(path) ? path[0] : path)
        .toLowerCase()
        .replace(/\.(gz|zst|br)$/, '')
        .split('.')
        .at(-1),
  ).toLowerCase();
  const found = FORMATS.find(f => f === name) ?? ALIASES[name];
  if (found !== undefined) return found;
  const span = copy.options['format']?.span;
  if (said !== undefined)
    throw new RayexecError('bind', `COPY knows no format "${name}"`, { span, hint: `formats: ${FORMATS.join(', ')}` });
  return 'csv';
}

const ALIASES: Readonly<Record<string, FileFormat>> = {
  tsv: 'csv',
  ndjson: 'json',
  jsonl: 'json',
  ipc: 'arrow',
  feather: 'arrow',
};

/** Options of readers that say what columns there are. */
const TYPING: ReadonlySet<string> = new Set(['columns', 'types', 'dtypes', 'column_types', 'names', 'column_names']);

function wantedColumns(
  copy: Extract<Copy, { kind: 'copy-from' }>,
  table: TableEntry,
): readonly TableColumn[] | undefined {
  const stored = storedColumns(table.columns);
  const columns = copy.columns?.map(name => stored.find(c => sameName(c.name, name))) ?? stored;
  return columns.every(c => c !== undefined) ? columns : undefined;
}

/** `{a: 'INTEGER', …}` as readers take it. CSV has texts for what is nested, which are cast afterwards. */
const columnTypes = (columns: readonly TableColumn[], format: FileFormat): Scalar => ({
  type: struct(columns.map(c => ({ name: c.name, type: UTF8 }))),
  value: columns.map(c => typeName(format === 'csv' && childTypes(c.type).length > 0 ? UTF8 : c.type)),
});

/** The path of COPY, or for COPY … FROM several. @throws RayexecError `bind` when it is no constant text */
export function pathValue({ path, kind }: Copy, constants: ConstantContext): Scalar {
  const value = constantOf(path, constants);
  if (value === undefined) throw new RayexecError('bind', 'The path of COPY must be a constant', { span: path.span });
  const isText = value.type.kind === 'utf8' && typeof value.value === 'string';
  if (isText || (kind === 'copy-from' && value.type.kind === 'list')) return value;
  throw new RayexecError('bind', `The path of COPY must be a VARCHAR, not ${typeName(value.type)}`, {
    span: path.span,
  });
}

/** COPY FROM as the call of the format's table function, with the options as named arguments. */
export function copyCall(
  catalog: Catalog,
  copy: Extract<Copy, { kind: 'copy-from' }>,
  constants: ConstantContext,
): { readonly fn: TableFunction; readonly call: SourceCall } {
  const format = formatOf(copy, constants);
  const fn = catalog.tableFunction(`read_${format}`);
  if (fn === undefined) throw new RayexecError('unsupported', `COPY FROM ${format} is not supported yet`);
  const named = Object.keys(copy.options)
    .filter(name => name !== 'format')
    .map(name => [name, optionValue(name, copy, constants)!] as const);
  const table = catalog.find(copy.table.path);
  const columns = named.every(([name]) => !TYPING.has(name)) && table?.kind === 'table' && wantedColumns(copy, table);
  // Values are read as the table's columns have them: those of CSV go by place, those of JSON by name.
  const typed = columns && (format === 'csv' || format === 'json') ? { columns: columnTypes(columns, format) } : {};
  return {
    fn,
    call: { fn: fn.name, positional: [pathValue(copy, constants)], named: { ...typed, ...Object.fromEntries(named) } },
  };
}
