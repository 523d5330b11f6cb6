import { BINARY, INT64, UTF8 } from '../../types/data-type.ts';
import type { EvalContext, ScalarFunction, ScalarOverload } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { textResult } from '../text/text-result.ts';

type LengthKernel = (kernels: EvalContext['kernels']) => EvalContext['kernels']['byte_length'];

function lengthOf(kernel: LengthKernel, unit = 1n): ScalarOverload['run'] {
  return (ctx, call) =>
    textResult(ctx, call, ({ selection, selected, count }, out) => {
      const text = call.args[0]!;
      kernel(ctx.kernels)(text.data, maskOf(text), selection, selected, out);
      if (unit === 1n) return;
      const values = ctx.memory.i64.subarray(out >>> 3, (out >>> 3) + count);
      for (let i = 0; i < count; i++) values[i]! *= unit;
    });
}

const bytes = lengthOf(kernels => kernels.byte_length);
const bits = lengthOf(kernels => kernels.byte_length, 8n);
const chars = lengthOf(kernels => kernels.char_length);

/** Lengths of texts, in code points, bytes and bits. */
export const lengthFunctions: readonly ScalarFunction[] = [
  {
    name: 'length',
    aliases: ['len', 'char_length', 'character_length'],
    doc: textDoc('Number of characters (code points).', ['text'], ["length('héllo')", '5']),
    overloads: [fixed('text', [UTF8], INT64, chars)],
  },
  {
    name: 'strlen',
    doc: textDoc('Number of bytes.', ['text'], ["strlen('héllo')", '6']),
    overloads: [fixed('text', [UTF8], INT64, bytes)],
  },
  {
    name: 'octet_length',
    aliases: ['byte_length'],
    doc: textDoc('Number of bytes.', ['text'], ["octet_length('abc'::BLOB)", '3']),
    overloads: [fixed('blob', [BINARY], INT64, bytes), fixed('text', [UTF8], INT64, bytes)],
  },
  {
    name: 'bit_length',
    doc: textDoc('Number of bits.', ['text'], ["bit_length('é')", '16']),
    overloads: [fixed('text', [UTF8], INT64, bits)],
  },
];
