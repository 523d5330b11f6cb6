import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { BOOLEAN, UTF8 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall, ScalarOverload } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';
import { changeCase } from './change-case.ts';
import { planLike } from './like-pattern.ts';
import { type TextTest, testing } from './text-test.ts';
import { validRows } from './valid-rows.ts';

const MATCH = { 'starts-with': 0, 'ends-with': 1, contains: 2, equals: 3 } as const;

/** `text LIKE pattern [ESCAPE char]` and its forms. `_` is one code point; without ESCAPE nothing is escaped. */
export function likeOverloads(form: { negated: boolean; ignoresCase: boolean }): readonly ScalarOverload[] {
  const negated = form.negated ? 1 : 0;
  const test: TextTest = (ctx, call, operands) =>
    testLike(ctx, form.ignoresCase ? lowered(ctx, call) : call, negated, operands);
  const { run, select } = testing(test);
  return [
    fixed('pattern', [UTF8, UTF8], BOOLEAN, run, { select }),
    fixed('escape', [UTF8, UTF8, UTF8], BOOLEAN, run, { select, canFail: true }),
  ];
}

/** The same call of lower-case texts and patterns. */
function lowered(ctx: EvalContext, call: ScalarCall): ScalarCall {
  const rows = validRows(ctx, call);
  return { ...call, args: call.args.map(arg => changeCase(ctx, 'lower', arg, rows)) };
}

type Operands = Parameters<TextTest>[2];

function testLike(ctx: EvalContext, call: ScalarCall, negated: number, operands: Operands): number {
  const { kernels } = ctx;
  const [text, pattern, escapeChar] = call.args as readonly [Vector, Vector, Vector | undefined];
  if (escapeChar !== undefined) checkEscapes(ctx, call, escapeChar);
  const a = [text.data, maskOf(text)] as const;
  const isPlannable = pattern.form === 'constant' && (escapeChar === undefined || escapeChar.form === 'constant');
  // A constant that is NULL has no text; no row is valid then.
  if (isPlannable && !pattern.isNullConstant(ctx.memory) && escapeChar?.isNullConstant(ctx.memory) !== true) {
    const plan = planLike(firstText(ctx, pattern), escapeChar === undefined ? NO_BYTES : firstText(ctx, escapeChar));
    if (plan.kind === 'parts') {
      return kernels.like_parts(writeTexts(ctx, plan.parts), plan.parts.length, negated, ...a, ...operands);
    }
    if (plan.kind !== 'general') {
      return kernels.match_ref(MATCH[plan.kind], negated, ...a, writeTexts(ctx, [plan.text]), 0, ...operands);
    }
  }
  const e = escapeChar === undefined ? ([0, 0] as const) : ([escapeChar.data, maskOf(escapeChar)] as const);
  const result = kernels.like_ref(negated, ...a, pattern.data, maskOf(pattern), ...e, ...operands);
  if (result < 0) throw new RayexecError('invalid-argument', 'a LIKE pattern ends with its escape character');
  return result;
}

const NO_BYTES = new Uint8Array(0);

/** @throws RayexecError `invalid-argument` when an escape is longer than a character */
function checkEscapes(ctx: EvalContext, call: ScalarCall, escapeChar: Vector): void {
  const rows = validRows(ctx, call);
  if (rows.selected === 0) return;
  const lengths = ctx.arena.alloc(rows.count * 8);
  ctx.kernels.char_length(escapeChar.data, maskOf(escapeChar), rows.selection, rows.selected, lengths);
  const { i64, u16 } = ctx.memory;
  for (let j = 0; j < rows.selected; j++) {
    const position = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
    if (i64[(lengths >>> 3) + position]! <= 1n) continue;
    throw new RayexecError('invalid-argument', 'an escape of LIKE must be one character or empty');
  }
}

function firstText({ memory }: EvalContext, vector: Vector): Uint8Array {
  const [address, length] = memory.u32.subarray(vector.data >>> 2, (vector.data >>> 2) + 2);
  return memory.u8.slice(address, address! + length!);
}

/** Texts in the batch arena. Returns the address of their refs. */
function writeTexts({ memory, arena }: EvalContext, texts: readonly Uint8Array[]): number {
  const refs = arena.alloc(texts.length * 8);
  let next = arena.alloc(texts.reduce((sum, t) => sum + t.length, 0));
  texts.forEach((text, i) => {
    memory.u8.set(text, next);
    memory.u32.set([next, text.length], (refs >>> 2) + 2 * i);
    next += text.length;
  });
  return refs;
}
