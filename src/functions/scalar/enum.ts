import { Vector } from '../../batch/vector.ts';
import { type DataType, list, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { EvalContext, FunctionDoc, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { maskOf } from '../operand.ts';
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
        '(ENUM) -> UTINYINT | USMALLINT | UINTEGER',
        ([type, ...rest]) =>
          type?.kind === 'enum' && rest.length === 0
            ? { args: [type], returns: { kind: 'int', bits: codeBits(type.values.length), signed: false }, cost: 0 }
            : undefined,
        codes,
      ),
    ],
  },
];

/** Bits that number so many values, as DuckDB counts. */
const codeBits = (values: number): 8 | 16 | 32 => (values <= 255 ? 8 : values <= 65_535 ? 16 : 32);

/** The codes that an enum's values are stored as, in as few bytes as their type has. */
function codes({ memory, arena }: EvalContext, { args, rows, validity, type }: ScalarCall): Vector {
  const input = args[0]!;
  const bytes = (type as Extract<DataType, { kind: 'int' }>).bits / 8;
  if (bytes === 4) return input.as(type);
  const out = arena.alloc(rows.count * bytes);
  const mask = maskOf(input);
  const [from, target] = [memory.u32, bytes === 1 ? memory.u8 : memory.u16];
  const [first, start] = [input.data >>> 2, out / bytes];
  for (let i = 0; i < rows.count; i++) target[start + i] = from[first + (i & mask)]!;
  return Vector.flat(type, rows.count, out, validity);
}
