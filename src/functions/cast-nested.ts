import { allRows, type Rows } from '../batch/batch.ts';
import { buildConstant } from '../batch/builder.ts';
import { Vector } from '../batch/vector.ts';
import { combineValidity, flatten, gather, selectValid } from '../kernels/vectors.ts';
import type { DataType } from '../types/data-type.ts';
import { matchFields } from '../types/match-fields.ts';
import { childTypes } from '../types/physical.ts';
import { type Cast, type CastCall, failCast, runnableCast } from './cast-call.ts';
import type { EvalContext } from './function.ts';

export type FindCast = (from: DataType, to: DataType) => Cast | undefined;

/** Lists, arrays and maps: their elements cast. Arrays need as many elements as the type says. */
export function castList(from: DataType, to: DataType, find: FindCast): Cast | undefined {
  if (to.kind !== 'list' && to.kind !== 'array' && to.kind !== 'map') return undefined;
  if ((from.kind === 'map') !== (to.kind === 'map')) return undefined;
  if (from.kind === 'array' && to.kind === 'array' && from.length !== to.length) return undefined;
  const element = find(childTypes(from)[0]!, childTypes(to)[0]!);
  if (element === undefined) return undefined;
  const checksLength = to.kind === 'array' && from.kind !== 'array';
  return { canFail: element.canFail || checksLength, run: (ctx, call) => castElements(ctx, call, element) };
}

/** Casts the elements that the rows have, and no others: they could fail. */
function castElements(ctx: EvalContext, call: CastCall, element: Cast): Vector {
  const { arena, memory } = ctx;
  const { input, validity, nulls, to } = call;
  // Where a list is NULL, its place and length may be anything.
  const rows = selectValid(ctx, validity, call.rows);
  const indexes: number[] = [];
  const data = arena.allocZeroed(rows.count * 8);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
    const at = (input.data >>> 2) + (input.form === 'constant' ? 0 : 2 * i);
    const offset = memory.u32[at]!;
    const length = memory.u32[at + 1]!;
    if (to.kind === 'array' && length !== to.length) {
      if (nulls === 0) failCast(ctx, call, i);
      memory.u8[nulls + (i >> 3)]! &= ~(1 << (i & 7));
      continue;
    }
    memory.u32[(data >>> 2) + 2 * i] = indexes.length;
    memory.u32[(data >>> 2) + 2 * i + 1] = length;
    for (let k = 0; k < length; k++) indexes.push(offset + k);
  }
  const address = arena.alloc(indexes.length * 4);
  memory.u32.set(indexes, address >>> 2);
  const elements = gather(ctx, input.children[0]!, address, indexes.length);
  const cast = castChild(ctx, element, elements, allRows(indexes.length), childTypes(to)[0]!, nulls !== 0);
  return Vector.flat(to, rows.count, data, nulls === 0 ? validity : nulls, [cast]);
}

/** Structs: fields are cast by name, those that are missing are NULL; by position where one side has no names. */
export function castStruct(from: DataType, to: DataType, find: FindCast): Cast | undefined {
  if (from.kind !== 'struct' || to.kind !== 'struct') return undefined;
  const sources = matchFields(from.fields, to.fields);
  if (sources === undefined) return undefined;
  const casts: (Cast | undefined)[] = [];
  for (const [i, at] of sources.entries()) {
    const cast = at < 0 ? undefined : find(from.fields[at]!.type, to.fields[i]!.type);
    if (cast === undefined && at >= 0) return undefined;
    casts.push(cast);
  }
  return {
    canFail: casts.some(c => c?.canFail),
    run: (ctx, { input, rows, validity, nulls }) => {
      const children = casts.map((cast, i) => {
        const { type } = to.fields[i]!;
        if (cast === undefined) return buildConstant(ctx, type, null, rows.count);
        return castChild(ctx, cast, input.children[sources[i]!]!, rows, type, nulls !== 0);
      });
      return Vector.flat(to, rows.count, 0, nulls === 0 ? validity : nulls, children);
    },
  };
}

/** Casts what a nested value has inside of it. */
export function castChild(
  ctx: EvalContext,
  cast: Cast,
  child: Vector,
  rows: Rows,
  to: DataType,
  isTry: boolean,
): Vector {
  const flat = flatten(ctx, child, rows);
  const validity = combineValidity(ctx, [flat], rows);
  const valid = cast.canFail ? selectValid(ctx, validity, rows) : rows;
  return runnableCast(cast, child.type, to, isTry).run(ctx, { args: [flat], rows: valid, validity, type: to });
}
