import { commonType, plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType, INT32 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { Fit, ScalarFunction, ScalarOverload } from '../function.ts';
import { structDoc } from '../nested/nested-doc.ts';
import { valueKey } from '../nested/value-key.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

/** A struct whose fields, and a value, have one type. */
function fitSearch([type, value, ...rest]: readonly DataType[], returns: DataType): Fit | undefined {
  if (type?.kind !== 'struct' || value === undefined || rest.length > 0) return undefined;
  let common: DataType | undefined = plainType(value);
  for (const f of type.fields) common = common && commonType(common, f.type);
  if (common === undefined) return undefined;
  const element = common;
  return {
    args: [{ kind: 'struct', fields: type.fields.map(f => ({ ...f, type: element })) }, element],
    returns,
    cost: 0,
  };
}

const search = (
  returns: DataType,
  nulls: ScalarOverload['nulls'],
  found: (index: number) => RawValue,
): ScalarOverload =>
  generic(
    'struct',
    `(STRUCT, ANY) -> ${returns === BOOLEAN ? 'BOOLEAN' : 'INTEGER'}`,
    args => fitSearch(args, returns),
    (ctx, call) =>
      mapRows(ctx, call, (fields, wanted) => {
        if (fields === null) return null;
        const key = wanted === null ? null : valueKey(wanted);
        return found((fields as readonly RawValue[]).findIndex(v => (v === null ? null : valueKey(v)) === key));
      }),
    { nulls },
  );

/** Finding values in structs. */
export const structSearch: readonly ScalarFunction[] = [
  {
    name: 'struct_contains',
    aliases: ['struct_has'],
    doc: structDoc('Whether a field has a value.', ['struct', 'value'], ['struct_contains(row(1, 2), 2)', 'true']),
    overloads: [search(BOOLEAN, 'propagate', i => i >= 0)],
  },
  {
    name: 'struct_position',
    aliases: ['struct_indexof'],
    doc: structDoc(
      'The number of the field with a value, from 1; NULL is looked for too.',
      ['struct', 'value'],
      ['struct_position(row(5, 7), 7)', '2'],
    ),
    overloads: [search(INT32, 'handles', i => (i < 0 ? null : i + 1))],
  },
];
