import { buildConstant } from '../../batch/builder.ts';
import { INT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { textResult } from '../text/text-result.ts';

const SUBSTRING = { substring: 0, left: 1, right: 2 } as const;

function substring(kind: keyof typeof SUBSTRING): ScalarOverload['run'] {
  return (ctx, call) =>
    textResult(ctx, call, ({ selection, selected }, out) => {
      const [a, start, length] = call.args;
      const size = length === undefined ? ([0, 0] as const) : ([length.data, maskOf(length)] as const);
      const operands = [a!.data, maskOf(a!), start!.data, maskOf(start!), ...size] as const;
      ctx.kernels.substring_ref(SUBSTRING[kind], ...operands, selection, selected, out);
    });
}

const SIDES = { left: 1, right: 2, both: 3 } as const;

function trim(side: keyof typeof SIDES): readonly ScalarOverload[] {
  const run: ScalarOverload['run'] = (ctx, call) =>
    textResult(ctx, call, ({ selection, selected }, out) => {
      const a = call.args[0]!;
      const chars = call.args[1] ?? buildConstant(ctx, UTF8, ' ', 1);
      ctx.kernels.trim_ref(SIDES[side], a.data, maskOf(a), chars.data, maskOf(chars), selection, selected, out);
    });
  return [fixed('blanks', [UTF8], UTF8, run), fixed('characters', [UTF8, UTF8], UTF8, run)];
}

/** Parts of texts: the results point into their arguments, nothing is copied. */
export const partFunctions: readonly ScalarFunction[] = [
  {
    name: 'substring',
    aliases: ['substr'],
    doc: textDoc(
      'Characters from a position (from 1; negative: from the end), so many or all. A negative length takes those before.',
      ['text', 'start', 'length'],
      ["substring('hello', 2, 3)", 'ell'],
      ["substring('hello', -3)", 'llo'],
      ["substring('hello', -1, 3)", 'o'],
    ),
    overloads: [
      fixed('from', [UTF8, INT64], UTF8, substring('substring')),
      fixed('for', [UTF8, INT64, INT64], UTF8, substring('substring')),
    ],
  },
  {
    name: 'left',
    doc: textDoc(
      'The first characters; with a negative number all but so many of the last.',
      ['text', 'count'],
      ["left('hello', 2)", 'he'],
      ["left('hello', -2)", 'hel'],
    ),
    overloads: [fixed('text', [UTF8, INT64], UTF8, substring('left'))],
  },
  {
    name: 'right',
    doc: textDoc(
      'The last characters; with a negative number all but so many of the first.',
      ['text', 'count'],
      ["right('hello', 2)", 'lo'],
    ),
    overloads: [fixed('text', [UTF8, INT64], UTF8, substring('right'))],
  },
  {
    name: 'trim',
    aliases: ['btrim'],
    doc: textDoc(
      'The text without blanks, or the given characters, at both ends.',
      ['text', 'characters'],
      ["trim('  a b  ')", 'a b'],
      ["trim('xyaxy', 'xy')", 'a'],
    ),
    overloads: trim('both'),
  },
  {
    name: 'ltrim',
    doc: textDoc('Like trim, at the start only.', ['text', 'characters'], ["ltrim('xxabcxx', 'x')", 'abcxx']),
    overloads: trim('left'),
  },
  {
    name: 'rtrim',
    doc: textDoc('Like trim, at the end only.', ['text', 'characters'], ["rtrim('xxabcxx', 'x')", 'xxabc']),
    overloads: trim('right'),
  },
  {
    name: 'split_part',
    doc: textDoc(
      'One of the parts between separators, counted from 1 (negative: from the end); empty when there is none.',
      ['text', 'separator', 'index'],
      ["split_part('a,b,c', ',', 2)", 'b'],
      ["split_part('a,b,c', ',', -1)", 'c'],
    ),
    overloads: [
      fixed('text', [UTF8, UTF8, INT64], UTF8, (ctx, call) =>
        textResult(ctx, call, ({ selection, selected }, out) => {
          const [a, by, index] = call.args;
          const operands = [a!.data, maskOf(a!), by!.data, maskOf(by!), index!.data, maskOf(index!)] as const;
          ctx.kernels.split_part_ref(...operands, selection, selected, out);
        }),
      ),
    ],
  },
];
