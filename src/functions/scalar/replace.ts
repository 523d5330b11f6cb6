import { UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';
import { textBytes } from '../text/concat-texts.ts';
import { textDoc } from '../text/documented.ts';
import { textResult } from '../text/text-result.ts';

/** `replace(text, old, new)`. */
export const replace: ScalarFunction = {
  name: 'replace',
  doc: textDoc(
    'The text with every occurrence of a part replaced.',
    ['text', 'old', 'new'],
    ["replace('banana', 'an', 'AN')", 'bANANa'],
  ),
  overloads: [
    fixed('text', [UTF8, UTF8, UTF8], UTF8, (ctx, call) =>
      textResult(ctx, call, ({ selection, selected }, out) => {
        const [a, b, c] = call.args;
        const operands = [a!.data, maskOf(a!), b!.data, maskOf(b!), c!.data, maskOf(c!), selection, selected] as const;
        const bytes = ctx.kernels.replace_ref(...operands, out, 0);
        ctx.kernels.replace_ref(...operands, out, ctx.arena.alloc(textBytes(bytes)));
      }),
    ),
  ],
};
