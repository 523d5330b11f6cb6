import { allRows, type Rows } from '../batch/batch.ts';
import { Vector } from '../batch/vector.ts';
import { combineValidity, flatten, gather, selectValid } from '../kernels/vectors.ts';
import type { DataType } from '../types/data-type.ts';
import { childTypes } from '../types/physical.ts';
import { type Cast, type CastCall, runnableCast } from './cast-call.ts';
import type { EvalContext } from './function.ts';

type FindCast = (from: DataType, to: DataType) => Cast | undefined;

/** Lists, arrays and maps: their elements cast. Arrays need as many elements as the type says. */
export function castList(from: DataType, to: DataType, find: FindCast): Cast | undefined {
  if (to.kind !== 'list' && to.kind !== 'array' && to.kind !== 'map') return undefined;
  if ((from.kind === 'map') !== (to.kind === 'map')) return undefined;
  if (from.kind === 'array' && to.kind === 'array' && from.length !== to.length) return undefined;
  const element = find(childTypes(from)[0]!, childTypes(to)[0]!);
  if (element === undefined || (to.kind === 'array' && from.kind !== 'array')) return undefined;
  return { canFail: element.canFail, run: (ctx, call) => castElements(ctx, call, element) };
}

/** Casts the elements that the rows have, and no others: they could fail. */
function castElements(ctx: EvalContext, call: CastCall, element: Cast): Vector {
  const { arena, memory } = ctx;
  const { input, rows, validity, nulls, to } = call;
  const indexes: number[] = [];
  const data = arena.allocZeroed(rows.count * 8);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
    const at = (input.data >>> 2) + (input.form === 'constant' ? 0 : 2 * i);
    const offset = memory.u32[at]!;
    const length = memory.u32[at + 1]!;
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

/** Structs of as many fields: cast by position. */
export function castStruct(from: DataType, to: DataType, find: FindCast): Cast | undefined {
  if (from.kind !== 'struct' || to.kind !== 'struct' || from.fields.length !== to.fields.length) return undefined;
  const casts: Cast[] = [];
  for (const [i, field] of from.fields.entries()) {
    const cast = find(field.type, to.fields[i]!.type);
    if (cast === undefined) return undefined;
    casts.push(cast);
  }
  return {
    canFail: casts.some(c => c.canFail),
    run: (ctx, { input, rows, validity, nulls }) => {
      const children = casts.map((cast, i) =>
        castChild(ctx, cast, input.children[i]!, rows, to.fields[i]!.type, nulls !== 0),
      );
      return Vector.flat(to, rows.count, 0, nulls === 0 ? validity : nulls, children);
    },
  };
}

function castChild(ctx: EvalContext, cast: Cast, child: Vector, rows: Rows, to: DataType, isTry: boolean): Vector {
  const flat = flatten(ctx, child, rows);
  const validity = combineValidity(ctx, [flat], rows);
  const valid = cast.canFail ? selectValid(ctx, validity, rows) : rows;
  return runnableCast(cast, child.type, to, isTry).run(ctx, { args: [flat], rows: valid, validity, type: to });
}
