import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { plainType } from '../../types/coercion.ts';
import { UINT64 } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import { type PhysicalType, widthOf } from '../../types/physical.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { maskOf } from '../operand.ts';
import { generic } from '../overload.ts';

/** What the kernel calls values of a physical type; undefined for those that are hashed by their text. */
function hashKind(physical: PhysicalType): number | undefined {
  switch (physical) {
    case 'list':
    case 'struct':
    case 'interval':
      return undefined;
    case 'ref':
      return 0;
    case 'f32':
      return 32;
    case 'f64':
      return 64;
    default:
      return widthOf(physical);
  }
}

function hashArguments(ctx: EvalContext, { args, rows }: ScalarCall): Vector {
  const { arena, kernels } = ctx;
  const out = arena.alloc(rows.count * 8);
  for (const [k, arg] of args.entries()) {
    const values = hashKind(arg.physical) === undefined ? textsOf(ctx, arg, rows) : arg;
    const kind = hashKind(values.physical)!;
    const operand = [values.data, maskOf(values), values.validity] as const;
    kernels.hash_values(kind, ...operand, k === 0, rows.selection, rows.selected, out);
  }
  return Vector.flat(UINT64, rows.count, out);
}

/** The 64-bit hashes of values' texts. */
function textsOf({ memory, arena }: EvalContext, arg: Vector, rows: ScalarCall['rows']): Vector {
  const read = valueReader(memory, arg);
  const data = arena.alloc(rows.count * 8);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
    memory.u64[(data >>> 3) + i] = hashText(formatRaw(arg.type, read(i)));
  }
  return Vector.flat(UINT64, rows.count, data);
}

const MASK = (1n << 64n) - 1n;

/** FNV-1a over UTF-16 units. */
function hashText(text: string): bigint {
  let h = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) h = ((h ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n) & MASK;
  return h;
}

export const hash: ScalarFunction = {
  name: 'hash',
  doc: {
    summary: 'A number that is the same for equal values of one type; it may change with versions of the engine.',
    args: ['value', '…'],
    examples: [["hash('a') = hash('a')", 'true']],
    category: 'system',
  },
  overloads: [
    generic(
      'any',
      '(ANY, ...) -> UBIGINT',
      args => (args.length === 0 ? undefined : { args: args.map(plainType), returns: UINT64, cost: 0 }),
      hashArguments,
      { nulls: 'handles' },
    ),
  ],
};
