import { readText } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { BIT, type DataType, INT32, INT64 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall, ScalarOverload } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';
import { validRows } from '../text/valid-rows.ts';

/** Numbers of the ways to combine bits in assembly/bit-strings.ts. */
export const BIT_OPERATIONS = { '&': 0, '|': 1, xor: 2 } as const;

/** An overload of bit strings that cannot fail, or fails at a position that the kernel answers. */
const ofBits = (
  args: readonly DataType[],
  run: (ctx: EvalContext, call: ScalarCall, out: number) => void,
): ScalarOverload =>
  fixed(
    'bits',
    args,
    BIT,
    (ctx, call) => {
      const out = ctx.arena.alloc(call.rows.count * 8);
      run(ctx, call, out);
      return Vector.flat(BIT, call.rows.count, out, call.validity);
    },
    { canFail: true },
  );

/** One bit from each of two strings of one length. */
export const combined = (name: keyof typeof BIT_OPERATIONS): ScalarOverload =>
  ofBits([BIT, BIT], (ctx, call, out) => {
    const [a, b] = call.args as readonly [Vector, Vector];
    const { selection, selected } = validRows(ctx, call);
    const operands = [a.data, maskOf(a), b.data, maskOf(b)] as const;
    const bytes = bytesFor(ctx, a, selection, selected);
    const failed = ctx.kernels.bitstring_combine(BIT_OPERATIONS[name], ...operands, selection, selected, out, bytes);
    if (failed >= 0) throw differentLengths(name, bitsAt(ctx, a, failed).length, bitsAt(ctx, b, failed).length);
  });

/** Nothing comes of strings of different lengths. */
export const differentLengths = (name: string, a: number, b: number): RayexecError =>
  new RayexecError('invalid-argument', `bit strings of ${a} and ${b} bits have no ${name}`, {
    hint: 'bitstring(bits, length) makes one longer',
  });

/** All bits turned. */
export const turned: ScalarOverload = ofBits([BIT], (ctx, call, out) => {
  const [a] = call.args as readonly [Vector];
  const { selection, selected } = validRows(ctx, call);
  ctx.kernels.bitstring_not(a.data, maskOf(a), selection, selected, out, bytesFor(ctx, a, selection, selected));
});

/** Bits moved by a number of places. */
export const moved = (to: 'left' | 'right'): ScalarOverload =>
  ofBits([BIT, INT32], (ctx, call, out) => {
    const [a, by] = call.args as readonly [Vector, Vector];
    const { selection, selected } = validRows(ctx, call);
    const operands = [a.data, maskOf(a), by.data, maskOf(by)] as const;
    const bytes = bytesFor(ctx, a, selection, selected);
    const failed = ctx.kernels.bitstring_shift(to === 'left' ? 1 : 0, ...operands, selection, selected, out, bytes);
    if (failed < 0) return;
    const places = ctx.memory.i32[(by.data >>> 2) + (failed & maskOf(by))]!;
    throw new RayexecError('invalid-argument', `bits can't be moved left by ${places}`);
  });

/** A number of each string, as INT64. */
const counted = (
  run: (kernels: EvalContext['kernels']) => EvalContext['kernels']['bitstring_count'],
  finish: (n: bigint) => bigint = n => n,
): ScalarOverload =>
  fixed('bits', [BIT], INT64, (ctx, call) => {
    const [a] = call.args as readonly [Vector];
    const { selection, selected, count } = validRows(ctx, call);
    const out = ctx.arena.allocZeroed(count * 8);
    run(ctx.kernels)(a.data, maskOf(a), selection, selected, out);
    const { u64 } = ctx.memory;
    for (let i = out >>> 3; i < (out >>> 3) + count; i++) u64[i] = finish(u64[i]!);
    return Vector.flat(INT64, count, out, call.validity);
  });

export const ones = counted(k => k.bitstring_count);
export const lengths = counted(k => k.byte_length);
export const byteLengths = counted(
  k => k.byte_length,
  n => (n + 7n) >> 3n,
);

const bytesFor = ({ kernels, arena }: EvalContext, a: Vector, selection: number, selected: number): number =>
  arena.alloc(kernels.total_bytes(a.data, maskOf(a), selection, selected) >>> 0);

function bitsAt({ memory }: EvalContext, a: Vector, position: number): string {
  const ref = (a.data >>> 2) + 2 * (position & maskOf(a));
  return readText(memory, memory.u32[ref]!, memory.u32[ref + 1]!);
}
