import { buildConstant } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { type DataType, INT8, INT16 } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import { typeName } from '../../types/type-name.ts';
import { INT_TYPES } from '../arithmetic.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { mapValues } from '../map-values.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';

const key = (type: DataType): string => typeName(type).toLowerCase();

function combine(ctx: EvalContext, code: number, { args, rows, validity, type }: ScalarCall): Vector {
  const [a, b] = args as readonly [Vector, Vector];
  const width = widthOf(a.physical);
  const out = ctx.arena.alloc(rows.count * width);
  ctx.kernels.bit_op(code, width, a.data, maskOf(a), b.data, maskOf(b), rows.count, out);
  return Vector.flat(type, rows.count, out, validity);
}

/** Exclusive or with all ones. */
function invert(ctx: EvalContext, call: ScalarCall): Vector {
  const { type, args, rows } = call;
  const { bits, signed } = type as Extract<DataType, { kind: 'int' }>;
  const ones = signed ? -1n : (1n << BigInt(bits)) - 1n;
  const constant = buildConstant(ctx, type, bits <= 32 ? Number(ones) : ones, rows.count);
  return combine(ctx, 2, { ...call, args: [args[0]!, constant] });
}

/** 128 bits, value by value. */
function shiftWide(ctx: EvalContext, right: boolean, call: ScalarCall): Vector {
  const { bits, signed } = call.type as Extract<DataType, { kind: 'int' }>;
  return mapValues(ctx, call, (x, by) => {
    const [value, count] = [x as bigint, by as bigint];
    if (right) return count < 0n || count >= BigInt(bits) ? 0n : value >> count;
    if (value === 0n && count >= 0n) return 0n;
    const moved = value < 0n || count < 0n || count >= BigInt(bits) ? undefined : value << count;
    if (moved === undefined || (signed ? BigInt.asIntN(bits, moved) : BigInt.asUintN(bits, moved)) !== moved)
      throw lostBits(String(value), String(count), call.type);
    return moved;
  });
}

function shift(ctx: EvalContext, right: boolean, call: ScalarCall): Vector {
  const [a, b] = call.args as readonly [Vector, Vector];
  const { count, selection, selected } = call.rows;
  const out = ctx.arena.alloc(count * widthOf(a.physical));
  const code = valueKind(a.physical);
  const operands = [a.data, maskOf(a), b.data, maskOf(b)] as const;
  const status = ctx.kernels.shift_bits(code, right ? 1 : 0, ...operands, selection, selected, out);
  if (status < 0) {
    const [x, by] = call.args.map(v => formatRaw(v.type, valueReader(ctx.memory, v)(-1 - status)));
    throw lostBits(x!, by!, call.type);
  }
  return Vector.flat(call.type, count, out, call.validity);
}

const lostBits = (x: string, by: string, type: DataType): RayexecError =>
  new RayexecError('overflow', `${x} << ${by} does not fit ${typeName(type)}`, {
    hint: 'only numbers from 0 up can be shifted to the left, by 0 or more bits',
  });

function binary(
  name: string,
  alias: string,
  code: number,
  summary: string,
  example: readonly [string, string],
): ScalarFunction {
  return {
    name,
    aliases: [alias],
    doc: { summary, args: ['left', 'right'], examples: [example], category: 'bit' },
    overloads: INT_TYPES.map(t => fixed(key(t), [t, t], t, (ctx, call) => combine(ctx, code, call))),
  };
}

function shifting(
  name: string,
  alias: string,
  right: boolean,
  summary: string,
  example: readonly [string, string],
): ScalarFunction {
  return {
    name,
    aliases: [alias],
    doc: { summary, args: ['x', 'bits'], examples: [example], category: 'bit' },
    overloads: INT_TYPES.map(t => {
      const run = t.kind === 'int' && t.bits === 128 ? shiftWide : shift;
      return fixed(key(t), [t, t], t, (ctx, call) => run(ctx, right, call), right ? {} : { canFail: true });
    }),
  };
}

/** Types whose counts may not fit TINYINT in DuckDB, which counts UBIGINTs as HUGEINTs. */
const isLong = (type: DataType): boolean =>
  type.kind === 'int' && (type.bits === 128 || (type.bits === 64 && !type.signed));

function bitCount({ kernels, arena }: EvalContext, { args, rows, validity, type }: ScalarCall): Vector {
  const [x] = args as readonly [Vector];
  const wide = widthOf(physicalType(type)) - 1;
  const out = arena.alloc(rows.count << wide);
  kernels.bit_count(widthOf(x.physical), wide, x.data, maskOf(x), rows.count, out);
  return Vector.flat(type, rows.count, out, validity);
}

export const bitFunctions: readonly ScalarFunction[] = [
  binary('&', 'bitand', 0, 'The bits that both integers have.', ['91 & 15', '11']),
  binary('|', 'bitor', 1, 'The bits that either integer has.', ['32 | 3', '35']),
  binary('xor', 'bitxor', 2, 'The bits that just one of the integers has.', ['xor(17, 5)', '20']),
  {
    name: '~',
    aliases: ['bitnot'],
    doc: { summary: 'The integer with all bits turned.', args: ['x'], examples: [['~15', '-16']], category: 'bit' },
    overloads: INT_TYPES.map(t => fixed(key(t), [t], t, invert)),
  },
  shifting('<<', 'shl', false, 'The bits moved to the left; an error where a bit would be lost.', ['1 << 4', '16']),
  shifting('>>', 'shr', true, 'The bits moved to the right.', ['16 >> 2', '4']),
  {
    name: 'bit_count',
    doc: {
      summary: 'How many bits of the integer are 1.',
      args: ['x'],
      examples: [['bit_count(31)', '5']],
      category: 'bit',
    },
    overloads: INT_TYPES.map(t => fixed(key(t), [t], isLong(t) ? INT16 : INT8, bitCount)),
  },
];
