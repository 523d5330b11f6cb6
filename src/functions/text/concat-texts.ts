import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { validRows } from './valid-rows.ts';

/** Texts joined row by row, NULLs left out. @throws RayexecError `memory` when the result is too large */
export function concatTexts(ctx: EvalContext, call: ScalarCall, texts: readonly Vector[], separator?: Vector): Vector {
  const { kernels, arena } = ctx;
  const rows = validRows(ctx, call);
  const between = separator === undefined ? 0 : writeOperands(ctx, [separator]);
  const operands = [writeOperands(ctx, texts), texts.length, between, rows.selection, rows.selected] as const;
  const bytes = kernels.concat_bytes(...operands);
  const out = arena.alloc(rows.count * 8);
  kernels.concat_write(...operands, out, arena.alloc(textBytes(bytes)));
  return Vector.flat(call.type, rows.count, out, call.validity);
}

/** @throws RayexecError `memory` when a batch's texts don't fit the address space */
export function textBytes(bytes: bigint): number {
  if (bytes < 0n || bytes > 0x7fff_ffffn) throw new RayexecError('memory', 'the texts of one batch exceed 2 GiB');
  return Number(bytes);
}

/** {data, mask, validity} of each vector, as the kernels want them. */
function writeOperands({ memory, arena }: EvalContext, vectors: readonly Vector[]): number {
  const address = arena.alloc(vectors.length * 12);
  vectors.forEach((v, i) => {
    memory.u32.set([v.data, maskOf(v), v.validity], (address >>> 2) + 3 * i);
  });
  return address;
}
