import { buildVector } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import { plainType } from '../../types/coercion.ts';
import { UINT64 } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import type { ScalarFunction } from '../function.ts';
import { generic } from '../overload.ts';

const MASK = (1n << 64n) - 1n;

/** FNV-1a over UTF-16 units, then mixed so that all bits count. */
function hashText(text: string): bigint {
  let h = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) h = ((h ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & MASK;
  h = ((h ^ (h >> 32n)) * 0xd6e8feb86659fd93n) & MASK;
  return h ^ (h >> 32n);
}

export const hash: ScalarFunction = {
  name: 'hash',
  doc: {
    summary: 'A number that is the same for equal values; it may change with versions of the engine.',
    args: ['value', '…'],
    examples: [["hash('a') = hash('a')", 'true']],
    category: 'system',
  },
  overloads: [
    generic(
      'any',
      '(ANY, ...) -> UBIGINT',
      args => (args.length === 0 ? undefined : { args: args.map(plainType), returns: UINT64, cost: 0 }),
      (ctx, { args, rows }) => {
        const readers = args.map(a => valueReader(ctx.memory, a));
        const values: (bigint | null)[] = Array.from({ length: rows.count }, () => null);
        for (let j = 0; j < rows.selected; j++) {
          const i = rows.selection === 0 ? j : ctx.memory.u16[(rows.selection >>> 1) + j]!;
          values[i] = hashText(readers.map((read, k) => formatRaw(args[k]!.type, read(i))).join('\0'));
        }
        return buildVector(ctx, UINT64, values);
      },
      { nulls: 'handles' },
    ),
  ],
};
