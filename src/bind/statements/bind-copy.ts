import { storedColumns } from '../../catalog/entry.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Json } from '../../common/json.ts';
import { outputOf } from '../../plan/columns.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Copy } from '../../query/statement.ts';
import { fileType } from '../../types/file-type.ts';
import type { Scalar } from '../../types/scalar.ts';
import { type Binder, bindError } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { decimalText } from '../constant.ts';
import { scanOf } from '../from/bind-table.ts';
import { callKey } from '../resolve-key.ts';
import { countColumn, insertColumn, insertPlan } from './bind-insert.ts';
import { copyCall, formatOf, optionValue, pathValue } from './copy-call.ts';
import { exactRows } from './exact-rows.ts';

/** COPY … TO a file. */
export function bindCopyTo(b: Binder, copy: Extract<Copy, { kind: 'copy-to' }>): BoundStatement {
  const format = formatOf(copy, b.options);
  const options: Record<string, Json> = {};
  // Which options a format has, its writer knows.
  for (const name of Object.keys(copy.options)) {
    if (name === 'format') continue;
    options[name] = optionJson(optionValue(name, copy, b.options)!);
  }
  const source = b.query(b, copy.source, { outer: undefined, ctes: undefined });
  const names = source.scope.columns.map(c => c.name);
  const { plan: input } = exactRows(
    b,
    source,
    source.scope.columns.map(({ name, column: { type } }) => ({
      name,
      type: format === 'parquet' ? fileType(type) : type,
    })),
  );
  const target = { format, path: String(pathValue(copy, b.options).value), names, options };
  const plan: LogicalPlan = { kind: 'copy', input, target, columns: [countColumn(b)] };
  return { kind: 'copy-to', query: { plan, output: outputOf(plan) } };
}

/** COPY table FROM a file: an INSERT of what the format's reader gives, column by column. */
export function bindCopyFrom(b: Binder, copy: Extract<Copy, { kind: 'copy-from' }>): BoundStatement {
  const table = b.catalog.table(copy.table);
  const { fn, call } = copyCall(b.catalog, copy, b.options);
  const source = b.sources.get(callKey(call));
  if (source === undefined) throw new RayexecError('internal', `${fn.name} was not resolved`);
  const scan = scanOf(b, source, undefined);
  const targets = copy.columns?.map(name => insertColumn(table, name, copy.table.span)) ?? storedColumns(table.columns);
  const found = scan.scope.columns.length;
  if (found !== targets.length) {
    const label = [pathValue(copy, b.options).value]
      .flat()
      .map(p => `'${p}'`)
      .join(', ');
    throw bindError(
      `${label} has ${found} columns, but ${targets.length} are to be filled in table ${table.name}`,
      copy.table.span,
      `the file's columns: ${scan.scope.columns.map(c => c.name).join(', ')}`,
    );
  }
  return insertPlan(b, table, scan, targets, copy.table.span);
}

/** Structs and maps become objects by name. */
function optionJson(scalar: Scalar): Json {
  const { type, value } = scalar;
  if (value === null) return null;
  if (type.kind === 'decimal') return Number(decimalText(scalar));
  if (type.kind === 'struct') {
    const values = value as readonly Json[];
    return Object.fromEntries(type.fields.map((f, i) => [f.name, values[i]!]));
  }
  if (type.kind === 'map') return Object.fromEntries(value as readonly (readonly [string, Json])[]);
  return value as Json;
}
