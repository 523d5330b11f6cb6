import type { Catalog } from '../catalog/catalog.ts';
import { RayexecError } from '../common/errors.ts';
import type { TableFunction } from '../protocol/table-function.ts';
import type { Copy } from '../query/statement.ts';
import { UTF8 } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import { constantValue } from './constant-value.ts';
import type { SourceCall } from './resolve-key.ts';

const FORMATS = ['parquet', 'csv', 'json', 'arrow'] as const;
export type FileFormat = (typeof FORMATS)[number];

/** The option's value: a constant, or a bare word. */
export function optionValue(
  name: string,
  copy: Copy,
  parameters: Readonly<Record<string, Scalar>>,
): Scalar | undefined {
  const expr = copy.options[name];
  if (expr === undefined) return undefined;
  const value = constantValue(expr, parameters);
  if (value !== undefined) return value;
  if (expr.kind === 'name' && expr.path.length === 1) return { type: UTF8, value: expr.path[0]! };
  throw new RayexecError('bind', `The option ${name.toUpperCase()} of COPY must be a constant`, { span: expr.span });
}

/** The format that COPY says or that the file's name tells. @throws RayexecError `bind` when neither does */
export function formatOf(copy: Copy, parameters: Readonly<Record<string, Scalar>>): FileFormat {
  const path = copy.kind === 'copy-to' ? copy.target : copy.path;
  const said = optionValue('format', copy, parameters)?.value;
  const name = String(
    said ??
      path
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

/** COPY FROM as the call of the format's table function, with the options as named arguments. */
export function copyCall(
  catalog: Catalog,
  copy: Extract<Copy, { kind: 'copy-from' }>,
  parameters: Readonly<Record<string, Scalar>>,
): { readonly fn: TableFunction; readonly call: SourceCall } {
  const format = formatOf(copy, parameters);
  const fn = catalog.tableFunction(`read_${format}`);
  if (fn === undefined) throw new RayexecError('unsupported', `COPY FROM ${format} is not supported yet`);
  const named = Object.keys(copy.options)
    .filter(name => name !== 'format')
    .map(name => [name, optionValue(name, copy, parameters)!] as const);
  return {
    fn,
    call: { fn: fn.name, positional: [{ type: UTF8, value: copy.path }], named: Object.fromEntries(named) },
  };
}
