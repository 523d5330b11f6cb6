import { type DataType, list, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { FunctionDoc, ScalarFunction, ScalarOverload } from '../function.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

const MOOD = "ENUM ('sad', 'ok', 'happy')";
const enumDoc = (summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc => ({
  summary,
  args,
  examples,
  category: 'enum',
});

/** An overload of values of one enum; what it gives may come from the type alone. NULLs are values. */
function ofEnum(
  count: 1 | 2,
  returns: DataType,
  compute: (names: readonly string[], ...values: RawValue[]) => RawValue,
): ScalarOverload {
  return generic(
    'enum',
    `(${count === 1 ? 'ENUM' : 'ENUM, ENUM'}) -> ${returns.kind === 'list' ? 'VARCHAR[]' : 'VARCHAR'}`,
    args => {
      const type = args.find(a => a.kind === 'enum');
      if (type === undefined || args.length !== count || args.some(a => a.kind !== 'enum' && a.kind !== 'null'))
        return undefined;
      return { args: args.map(() => type), returns, cost: 0 };
    },
    (ctx, call) => {
      const type = call.args[0]!.type;
      const names = type.kind === 'enum' ? type.values : [];
      return mapRows(ctx, call, (...values) => compute(names, ...values));
    },
    { nulls: 'handles' },
  );
}

function between(names: readonly string[], from: RawValue, to: RawValue): readonly string[] {
  const first = from === null ? 0 : names.indexOf(from as string);
  const last = to === null ? names.length - 1 : names.indexOf(to as string);
  return names.slice(first, last + 1);
}

/** What the type of an enum says. */
export const enumFunctions: readonly ScalarFunction[] = [
  {
    name: 'enum_first',
    doc: enumDoc('The first value of an enum.', ['enum'], [`enum_first(NULL::${MOOD})`, 'sad']),
    overloads: [ofEnum(1, UTF8, names => names[0] ?? null)],
  },
  {
    name: 'enum_last',
    doc: enumDoc('The last value of an enum.', ['enum'], [`enum_last(NULL::${MOOD})`, 'happy']),
    overloads: [ofEnum(1, UTF8, names => names.at(-1) ?? null)],
  },
  {
    name: 'enum_range',
    doc: enumDoc('The values of an enum.', ['enum'], [`enum_range(NULL::${MOOD})`, '[sad, ok, happy]']),
    overloads: [ofEnum(1, list(UTF8), names => names)],
  },
  {
    name: 'enum_range_boundary',
    doc: enumDoc(
      'The values of an enum from one to another; NULL is the first, or the last.',
      ['from', 'to'],
      [`enum_range_boundary(NULL, 'ok'::${MOOD})`, '[sad, ok]'],
    ),
    overloads: [ofEnum(2, list(UTF8), between)],
  },
  {
    name: 'enum_code',
    doc: enumDoc('The number of a value in its enum, from 0.', ['enum'], [`enum_code('ok'::${MOOD})`, '1']),
    overloads: [
      generic(
        'enum',
        '(ENUM) -> UINTEGER',
        ([type, ...rest]) =>
          type?.kind === 'enum' && rest.length === 0
            ? { args: [type], returns: { kind: 'int', bits: 32, signed: false }, cost: 0 }
            : undefined,
        (_ctx, call) => call.args[0]!.as(call.type),
      ),
    ],
  },
];
