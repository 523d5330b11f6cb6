import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { combineValidity, flatten } from '../../kernels/vectors.ts';
import { literalInteger, literalText, plainType } from '../../types/coercion.ts';
import { type DataType, INT64, list, type StructField, struct, UTF8 } from '../../types/data-type.ts';
import type { Fit, ScalarFunction, ScalarOverload } from '../function.ts';
import { structDoc } from '../nested/nested-doc.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

/** A struct of the arguments as they are: nothing is copied. The call's type has the names. */
const packed = (nameOf: (index: number) => string): ScalarOverload =>
  generic(
    'fields',
    '(ANY, ...) -> STRUCT',
    args => ({
      args: args.map(plainType),
      returns: struct(args.map((type, i) => ({ name: nameOf(i), type: plainType(type) }))),
      cost: 0,
    }),
    (_ctx, { args, rows, type }) => Vector.flat(type, rows.count, 0, 0, args),
    { nulls: 'handles' },
  );

const pack = packed(i => `v${i + 1}`);

/** Where a struct has the field of a name (in any case) or of a number from 1. */
function fieldIndex(fields: readonly StructField[], name: string | bigint): number {
  if (typeof name === 'bigint') return name >= 1n && name <= BigInt(fields.length) ? Number(name) - 1 : -1;
  const exact = fields.findIndex(f => f.name === name);
  return exact >= 0 ? exact : fields.findIndex(f => f.name.toLowerCase() === name.toLowerCase());
}

function fitField(args: readonly DataType[]): Fit | undefined {
  const [type, key] = args;
  if (type?.kind !== 'struct' || key === undefined || args.length !== 2) return undefined;
  const name = literalText(key) ?? literalInteger(key);
  const field = name === undefined ? undefined : type.fields[fieldIndex(type.fields, name)];
  return field && { args: [type, key.kind === 'utf8' ? UTF8 : INT64], returns: field.type, cost: 0 };
}

/** The values of a field: the struct's own, with its NULLs added. */
const extract: ScalarOverload = generic('struct', '(STRUCT, VARCHAR) -> ANY', fitField, (ctx, call) => {
  const [input, key] = call.args as readonly [Vector, Vector];
  const fields = input.type.kind === 'struct' ? input.type.fields : [];
  const child = input.children[fieldIndex(fields, valueReader(ctx.memory, key)(0) as string | bigint)]!;
  if (call.validity === 0) return child;
  const validity = combineValidity(ctx, [input, child], call.rows);
  const { data, children, type, length } = flatten(ctx, child, call.rows);
  return Vector.flat(type, length, data, validity, children);
});

const merge: ScalarOverload = generic(
  'structs',
  '(STRUCT, ...) -> STRUCT',
  args => {
    const fields = args.flatMap(a => (a.kind === 'struct' ? a.fields : []));
    if (args.length === 0 || args.some(a => a.kind !== 'struct')) return undefined;
    return { args, returns: struct(fields), cost: 0 };
  },
  (ctx, call) => mapRows(ctx, call, (...structs) => structs.flatMap(s => s as readonly [])),
);

/** Making and reading structs. */
export const structFunctions: readonly ScalarFunction[] = [
  {
    name: 'struct_pack',
    doc: structDoc(
      "A struct of named values; {'a': 1} means this.",
      ['name := value', '…'],
      ['struct_pack(a := 1, b := 2)', "{'a': 1, 'b': 2}"],
    ),
    overloads: [pack],
  },
  {
    name: 'row',
    doc: structDoc(
      'A struct of values whose fields have no names of their own.',
      ['value', '…'],
      ['row(1, 2)', "{'v1': 1, 'v2': 2}"],
    ),
    overloads: [pack],
  },
  {
    name: 'struct',
    doc: structDoc(
      'A struct of values with the fields c0, c1 and so on.',
      ['value', '…'],
      ['struct(1, 2)', "{'c0': 1, 'c1': 2}"],
    ),
    overloads: [packed(i => `c${i}`)],
  },
  {
    name: 'struct_extract',
    aliases: ['array_extract', 'struct_extract_at'],
    doc: structDoc(
      'The field of a name; s.name means this.',
      ['struct', 'name'],
      ["struct_extract({'a': 1}, 'a')", '1'],
    ),
    overloads: [extract],
  },
  {
    name: 'struct_concat',
    doc: structDoc(
      'A struct with the fields of all structs.',
      ['struct', '…'],
      ["struct_concat({'a': 1}, {'b': 2})", "{'a': 1, 'b': 2}"],
    ),
    overloads: [merge],
  },
  {
    name: 'struct_values',
    doc: structDoc(
      'The values of the fields, without their names.',
      ['struct'],
      ["struct_values({'a': 1, 'b': 'x'})", "{'v1': 1, 'v2': x}"],
    ),
    overloads: [
      generic(
        'struct',
        '(STRUCT) -> STRUCT',
        ([type, ...more]) => {
          if (type?.kind !== 'struct' || more.length > 0) return undefined;
          const fields = type.fields.map((f, i) => ({ name: `v${i + 1}`, type: f.type }));
          return { args: [type], returns: struct(fields), cost: 0 };
        },
        (ctx, call) => {
          const { length, data, children } = flatten(ctx, call.args[0]!, call.rows);
          return Vector.flat(call.type, length, data, call.validity, children);
        },
      ),
    ],
  },
  {
    name: 'struct_keys',
    doc: structDoc('The names of the fields.', ['struct'], ["struct_keys({'a': 1, 'b': 2})", '[a, b]']),
    overloads: [
      generic(
        'struct',
        '(STRUCT) -> VARCHAR[]',
        ([type, ...more]) =>
          type?.kind === 'struct' && more.length === 0 ? { args: [type], returns: list(UTF8), cost: 0 } : undefined,
        (ctx, call) => {
          const type = call.args[0]!.type;
          const names = type.kind === 'struct' ? type.fields.map(f => f.name) : [];
          return mapRows(ctx, call, () => names);
        },
      ),
    ],
  },
];
