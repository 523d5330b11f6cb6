import { Vector } from '../../batch/vector.ts';
import { flatten } from '../../kernels/vectors.ts';
import { UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { fixed } from '../overload.ts';
import { changeCase } from '../text/change-case.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';
import { validRows } from '../text/valid-rows.ts';

function caseTo(to: 'lower' | 'upper'): readonly ScalarOverload[] {
  return [
    fixed('text', [UTF8], UTF8, (ctx, call) => {
      const changed = flatten(ctx, changeCase(ctx, to, call.args[0]!, validRows(ctx, call)), call.rows);
      return Vector.flat(UTF8, call.rows.count, changed.data, call.validity);
    }),
  ];
}

/** Letters' case. */
export const caseFunctions: readonly ScalarFunction[] = [
  {
    name: 'lower',
    aliases: ['lcase'],
    doc: textDoc('The text in lower case.', ['text'], ["lower('HÉllo')", 'héllo']),
    overloads: caseTo('lower'),
  },
  {
    name: 'upper',
    aliases: ['ucase'],
    doc: textDoc('The text in upper case.', ['text'], ["upper('héllo')", 'HÉLLO']),
    overloads: caseTo('upper'),
  },
  {
    name: 'initcap',
    doc: textDoc(
      'Each word with a capital first letter, the rest in lower case.',
      ['text'],
      ["initcap('hello wORLD')", 'Hello World'],
    ),
    overloads: [
      fixed('text', [UTF8], UTF8, (ctx, call) =>
        mapRows(ctx, call, text =>
          (text as string).toLowerCase().replace(/[\p{L}\p{N}]+/gu, word => word[0]!.toUpperCase() + word.slice(1)),
        ),
      ),
    ],
  },
];
