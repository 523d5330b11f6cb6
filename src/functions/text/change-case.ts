import { allRows, type Rows } from '../../batch/batch.ts';
import { readText } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { UTF8 } from '../../types/data-type.ts';
import type { EvalContext } from '../function.ts';
import { maskOf } from '../operand.ts';
import { storeText } from './store-text.ts';

/** Texts in lower or upper case, code point by code point: none becomes several. Constants stay constants. */
export function changeCase(ctx: EvalContext, to: Case, text: Vector, rows: Rows): Vector {
  if (text.form !== 'constant') return Vector.flat(UTF8, rows.count, changedRefs(ctx, to, text, rows), text.validity);
  if (rows.selected === 0) return text;
  return Vector.constant(UTF8, text.length, changedRefs(ctx, to, text, allRows(1)), text.validity);
}

type Case = 'lower' | 'upper';

function changedRefs(ctx: EvalContext, to: Case, text: Vector, rows: Rows): number {
  const { kernels, arena, memory } = ctx;
  const operand = [text.data, maskOf(text), rows.selection, rows.selected] as const;
  const out = arena.alloc(rows.count * 8);
  const bytes = arena.alloc(kernels.total_bytes(...operand) >>> 0);
  const others = arena.alloc(rows.selected * 2);
  const count = kernels.case_ascii(to === 'upper' ? 1 : 0, ...operand, out, bytes, others);
  for (let k = 0; k < count; k++) {
    const position = memory.u16[(others >>> 1) + k]!;
    const ref = (text.data >>> 2) + 2 * position;
    const original = readText(memory, memory.u32[ref]!, memory.u32[ref + 1]!);
    storeText(ctx, out + 8 * position, Array.from(original, CHANGE[to]).join(''));
  }
  return out;
}

const CHANGE = {
  lower: (char: string): string => (char === 'İ' ? 'i' : single(char.toLowerCase(), char)),
  upper: (char: string): string => (char === 'ß' ? 'ẞ' : single(char.toUpperCase(), char)),
} as const;

/** A mapping to several code points is dropped. */
const single = (mapped: string, char: string): string => ([...mapped].length === 1 ? mapped : char);
