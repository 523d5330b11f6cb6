import type { Rows } from '../../batch/batch.ts';
import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { bitmapBytes } from '../../kernels/vectors.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { storeText } from '../text/store-text.ts';
import { validRows } from '../text/valid-rows.ts';
import { type JsonNode, parseJson } from './json-node.ts';
import { type JsonPath, nodeAt } from './json-path.ts';

/** Kinds of values and what is said beside them, as in assembly/json-values.ts. */
export const JSON_KINDS = { missing: 0, rare: 32 } as const;

/** What each kind is called by `json_type`. */
export const KIND_NAMES = ['', 'NULL', 'BOOLEAN', 'UBIGINT', 'BIGINT', 'DOUBLE', 'VARCHAR', 'ARRAY', 'OBJECT'] as const;

/** The values at a path in the texts of a batch: references and kinds (a byte each) by position, both in the batch arena. */
export type JsonValues = {
  readonly rows: Rows;
  readonly refs: number;
  readonly kinds: number;
  /** The value of each row that the kernel left, which is rare. @throws RayexecError `conversion` for what is no JSON */
  readonly forRare: (use: (position: number, node: JsonNode | undefined) => void) => void;
};

const encoder = new TextEncoder();

/** Follows a path without wildcards in all texts of a vector. */
export function valuesAt(ctx: EvalContext, call: ScalarCall, json: Vector, path: JsonPath): JsonValues {
  const { arena, kernels, memory } = ctx;
  const rows = validRows(ctx, call);
  const { count, selection, selected } = rows;
  const steps = storeSteps(ctx, path);
  const refs = arena.alloc(count * 8);
  const kinds = arena.alloc(count);
  const operand = [json.data, maskOf(json)] as const;
  const rare = kernels.json_values(...operand, selection, selected, steps, path.steps.length, refs, kinds);
  const forRare: JsonValues['forRare'] = use => {
    if (rare === 0) return;
    const read = valueReader(memory, json);
    for (let j = 0; j < selected; j++) {
      const i = selection === 0 ? j : memory.u16[(selection >>> 1) + j]!;
      if (memory.u8[kinds + i] === JSON_KINDS.rare) use(i, nodeAt(parseJson(read(i) as string), path));
    }
  };
  return { rows, refs, kinds, forRare };
}

/** The steps as the kernel reads them. */
function storeSteps({ arena, memory }: EvalContext, { steps }: JsonPath): number {
  const address = arena.alloc(Math.max(steps.length, 1) * 16);
  steps.forEach((step, k) => {
    const at = (address >>> 2) + 4 * k;
    const key = step.kind === 'key' ? encoder.encode(step.key) : new Uint8Array(0);
    const text = arena.alloc(key.length);
    memory.u8.set(key, text);
    const isNumber = step.kind === 'key' && step.isPointer === true && /^\d{1,9}$/.test(step.key);
    memory.u32.set([step.kind === 'index' ? 2 : isNumber ? 3 : 1, text, key.length], at);
    memory.i32[at + 3] =
      step.kind === 'index' ? Math.max(-(2 ** 31), Math.min(step.index, 2 ** 31 - 1)) : isNumber ? Number(step.key) : 0;
  });
  return address;
}

/**
 * The values as texts without blanks: VARCHAR or JSON, by the call's type.
 * @param plain texts lose their quotes, and null is no value
 * @param write makes the text of a value that the kernel left
 */
export function textsOf(
  ctx: EvalContext,
  call: ScalarCall,
  { rows, refs, kinds, forRare }: JsonValues,
  plain: boolean,
  write: (node: JsonNode | undefined) => string | null,
): Vector {
  const { arena, kernels, memory } = ctx;
  const { count, selection, selected } = rows;
  const bytes = kernels.total_bytes(refs, -1, selection, selected) >>> 0;
  kernels.json_compact(refs, kinds, selection, selected, arena.alloc(bytes));
  const validity = ownValidity(ctx, call);
  const flag = plain ? 1 : 0;
  let nulls = kernels.json_texts(refs, kinds, selection, selected, flag, flag, validity);
  forRare((i, node) => {
    const text = write(node);
    if (text === null) {
      memory.u8[validity + (i >> 3)]! &= ~(1 << (i & 7));
      nulls++;
    } else storeText(ctx, refs + 8 * i, text);
  });
  return Vector.flat(call.type, count, refs, nulls === 0 ? call.validity : validity);
}

/** A bitmap of the call's rows without NULL arguments, to clear bits in. */
function ownValidity({ arena, memory }: EvalContext, { rows: { count }, validity }: ScalarCall): number {
  const own = arena.alloc(bitmapBytes(count));
  if (validity === 0) memory.u8.fill(255, own, own + bitmapBytes(count));
  else memory.u8.copyWithin(own, validity, validity + ((count + 7) >> 3));
  return own;
}

/** The result's bitmap when there is no answer where there is no value. */
export function validityOfKinds(ctx: EvalContext, call: ScalarCall, rows: Rows, kinds: number): number {
  const validity = ownValidity(ctx, call);
  const { u8, u16 } = ctx.memory;
  let nulls = 0;
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
    if (u8[kinds + i] !== JSON_KINDS.missing) continue;
    u8[validity + (i >> 3)]! &= ~(1 << (i & 7));
    nulls++;
  }
  return nulls === 0 ? call.validity : validity;
}
