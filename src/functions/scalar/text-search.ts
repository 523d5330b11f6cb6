import { BOOLEAN, INT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { textResult } from '../text/text-result.ts';
import { testing } from '../text/text-test.ts';

const MATCH = { starts: 0, ends: 1, contains: 2 } as const;

/** A test of a text for a part. */
function tester(kind: keyof typeof MATCH) {
  const { run, select } = testing(({ kernels }, { args: [a, b] }, operands) =>
    kernels.match_ref(MATCH[kind], 0, a!.data, maskOf(a!), b!.data, maskOf(b!), ...operands),
  );
  return [fixed('text', [UTF8, UTF8], BOOLEAN, run, { select })];
}

/** Finding a text in another. */
export const searchFunctions: readonly ScalarFunction[] = [
  {
    name: 'starts_with',
    aliases: ['prefix', '^@'],
    doc: textDoc('Whether the text begins with another.', ['text', 'start'], ["starts_with('hello', 'he')", 'true']),
    overloads: tester('starts'),
  },
  {
    name: 'ends_with',
    aliases: ['suffix'],
    doc: textDoc('Whether the text ends with another.', ['text', 'end'], ["ends_with('hello', 'lo')", 'true']),
    overloads: tester('ends'),
  },
  {
    name: 'contains',
    doc: textDoc('Whether the text has another in it.', ['text', 'part'], ["contains('hello', 'ell')", 'true']),
    overloads: tester('contains'),
  },
  {
    name: 'strpos',
    aliases: ['instr', 'position'],
    doc: textDoc(
      'Where a text first stands in another, in characters from 1; 0 when it does not.',
      ['text', 'part'],
      ["strpos('hello', 'l')", '3'],
    ),
    overloads: [
      fixed('text', [UTF8, UTF8], INT64, (ctx, call) =>
        textResult(ctx, call, (rows, out) => {
          const [a, b] = call.args;
          const { selection, selected } = rows;
          ctx.kernels.position_ref(a!.data, maskOf(a!), b!.data, maskOf(b!), selection, selected, out);
        }),
      ),
    ],
  },
];
