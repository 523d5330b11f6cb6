import { allRows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { combineValidity } from '../../kernels/vectors.ts';
import { UTF8 } from '../../types/data-type.ts';
import { allValid } from '../aggregate/state-values.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { validRows } from '../text/valid-rows.ts';
import { comparableLists } from './list-operand.ts';

/** The texts of each list that are not NULL as one, with a separator between; NULL where all are NULL. */
export function joinedTexts(ctx: EvalContext, call: ScalarCall): Vector {
  const { arena, kernels } = ctx;
  const [list, separator] = call.args as readonly [Vector, Vector];
  const { count } = call.rows;
  const rows = validRows(ctx, call);
  const { lists, values, valid } = comparableLists(ctx, list, rows);
  const { selection, selected } = rows;
  const operands = [...lists, values, valid, separator.data, maskOf(separator), selection, selected] as const;
  const bytes = arena.alloc(kernels.list_join_bytes(...operands) >>> 0);
  const out = arena.alloc(count * 8);
  const bits = allValid(ctx, count);
  const nulls = kernels.list_join(...operands, out, bits, bytes);
  const texts = Vector.flat(UTF8, count, out, nulls === 0 ? 0 : bits);
  if (nulls === 0 || call.validity === 0) return Vector.flat(UTF8, count, out, texts.validity || call.validity);
  const known = Vector.flat(UTF8, count, out, call.validity);
  return Vector.flat(UTF8, count, out, combineValidity(ctx, [texts, known], allRows(count)));
}
