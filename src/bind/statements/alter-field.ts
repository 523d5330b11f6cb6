import type { TableColumn } from '../../catalog/entry.ts';
import type { Span } from '../../common/errors.ts';
import type { Expr } from '../../query/expr.ts';
import type { AlterAction } from '../../query/statement.ts';
import type { DataType } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { candidates } from '../exprs/bind-name.ts';
import { bindType } from '../exprs/bind-type.ts';
import { sameName } from '../scope.ts';
import { bindDefault } from './bind-create-table.ts';
import { NULL_EXPR } from './column-changes.ts';

type FieldAction = Extract<AlterAction, { kind: 'add-field' | 'drop-field' | 'rename-field' }>;

/** A type, and how to make its values of a column's. */
type Changed = { readonly type: DataType; readonly value: Expr };

/**
 * A column in which a struct has one field more, fewer, or under another name; what is NULL stays NULL.
 * @returns undefined when there is nothing to do (IF EXISTS, IF NOT EXISTS)
 * @throws RayexecError `bind` for a path that leads to no struct, and for fields that there are not, or are already
 */
export function alteredField(
  b: Binder,
  column: TableColumn,
  action: FieldAction,
  span: Span | undefined,
): Changed | undefined {
  const input: Expr = { kind: 'name', path: [column.name] };
  const steps = action.path.slice(1, -1);
  return within(input, column.type, steps, 0, span, (value, type) => changedStruct(b, value, type, action, span));
}

type Change = (value: Expr, type: DataType) => Changed | undefined;

/** Goes down the path's steps, does the change there, and puts the values around it together again. */
function within(
  value: Expr,
  type: DataType,
  steps: readonly string[],
  depth: number,
  span: Span | undefined,
  change: Change,
): Changed | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return change(value, type);
  const below = (v: Expr, t: DataType) => within(v, t, rest, depth + 1, span, change);
  const name = `field ${depth}`;
  const each = (list: Expr, element: Expr): Expr =>
    call('list_transform', list, { kind: 'lambda', params: [name], body: element });
  const item: Expr = { kind: 'name', path: [name] };
  if (type.kind === 'list' && sameName(step, 'element')) {
    const element = below(item, type.element);
    return element && { type: { kind: 'list', element: element.type }, value: each(value, element.value) };
  }
  if (type.kind === 'map' && (sameName(step, 'key') || sameName(step, 'value'))) {
    const isKey = sameName(step, 'key');
    const part = below(item, isKey ? type.key : type.value);
    if (part === undefined) return undefined;
    const [keys, values] = [call('map_keys', value), call('map_values', value)];
    const made = isKey ? [each(keys, part.value), values] : [keys, each(values, part.value)];
    const changed: DataType = isKey ? { ...type, key: part.type } : { ...type, value: part.type };
    return { type: changed, value: unlessNull(value, call('map', ...made), changed) };
  }
  const { fields } = structOf(type, step, span);
  const found = fields.find(f => sameName(f.name, step));
  if (found === undefined) throw missingField(type, step, span);
  const field = below({ kind: 'field', input: value, name: found.name }, found.type);
  if (field === undefined) return undefined;
  const changed = fields.map(f => ({ name: f.name, type: f === found ? field.type : f.type }));
  const made = fields.map(f => ({
    name: f.name,
    value: f === found ? field.value : ({ kind: 'field', input: value, name: f.name } as const),
  }));
  return rebuilt(value, { kind: 'struct', fields: changed }, made);
}

function changedStruct(
  b: Binder,
  input: Expr,
  type: DataType,
  action: FieldAction,
  span: Span | undefined,
): Changed | undefined {
  const name = action.path.at(-1)!;
  const { fields } = structOf(type, name, span);
  const found = fields.find(f => sameName(f.name, name));
  const kept = fields.map(f => ({ ...f, value: { kind: 'field', input, name: f.name } as Expr }));
  const build = (made: readonly { readonly name: string; readonly type: DataType; readonly value: Expr }[]): Changed =>
    rebuilt(
      input,
      { kind: 'struct', fields: made.map(f => ({ name: f.name, type: f.type })) },
      made.map(f => ({ name: f.name, value: f.value })),
    );
  switch (action.kind) {
    case 'add-field': {
      const { column } = action;
      if (found !== undefined && action.ifNotExists) return undefined;
      if (found !== undefined) throw bindError(`The struct already has a field "${found.name}"`, span);
      if (column.notNull || column.primaryKey || column.unique || column.check !== undefined || column.generated)
        throw notYet('a field with constraints is', column.span ?? span);
      if (column.type === undefined) throw bindError(`Field "${name}" has no type`, column.span ?? span);
      const added = bindType(b, column.type, column.span ?? span);
      const value = column.default === undefined ? NULL_EXPR : bindDefault(b, column.default);
      return build([...kept, { name, type: added, value: { kind: 'cast', input: value, type: added, try: false } }]);
    }
    case 'drop-field': {
      if (found === undefined && action.ifExists) return undefined;
      if (found === undefined) throw missingField(type, name, span);
      if (fields.length === 1)
        throw bindError(`Cannot drop field "${found.name}": the struct has no other`, span, 'drop the column');
      return build(kept.filter(f => f.name !== found.name));
    }
    case 'rename-field': {
      if (found === undefined) throw missingField(type, name, span);
      if (fields.some(f => f !== found && sameName(f.name, action.to)))
        throw bindError(`The struct already has a field "${action.to}"`, span);
      return build(kept.map(f => (f.name === found.name ? { ...f, name: action.to } : f)));
    }
  }
}

function structOf(type: DataType, field: string, span: Span | undefined): Extract<DataType, { kind: 'struct' }> {
  if (type.kind === 'struct') return type;
  const hint =
    type.kind === 'list' ? 'a list has element' : type.kind === 'map' ? 'a map has key and value' : undefined;
  throw bindError(`"${field}" is no field: what it stands in is ${typeName(type)}, not a struct`, span, hint);
}

const missingField = (type: DataType, name: string, span: Span | undefined): Error =>
  bindError(
    `The struct has no field "${name}"`,
    span,
    type.kind === 'struct'
      ? candidates(
          name,
          type.fields.map(f => f.name),
          'fields',
        )
      : undefined,
  );

const call = (fn: string, ...args: readonly Expr[]): Expr => ({ kind: 'call', fn, args });

const unlessNull = (input: Expr, value: Expr, type: DataType): Expr => ({
  kind: 'case',
  branches: [{ when: call('is null', input), result: { kind: 'cast', input: NULL_EXPR, type, try: false } }],
  otherwise: value,
});

const rebuilt = (
  input: Expr,
  type: DataType,
  fields: readonly { readonly name: string; readonly value: Expr }[],
): Changed => ({ type, value: unlessNull(input, { kind: 'struct', fields }, type) });
