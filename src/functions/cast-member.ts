import { buildConstant } from '../batch/builder.ts';
import { Vector } from '../batch/vector.ts';
import { implicitCastCost } from '../types/coercion.ts';
import type { DataType } from '../types/data-type.ts';
import { childTypes } from '../types/physical.ts';
import type { Cast } from './cast-call.ts';
import { castChild, type FindCast } from './cast-nested.ts';

type Union = Extract<DataType, { kind: 'union' }>;

/** A value as a union: of the member that it becomes with the least ado, the first of several. */
export function castToMember(from: DataType, to: Union, find: FindCast): Cast | undefined {
  let member: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, { type }] of to.members.entries()) {
    const cost = implicitCastCost(from, type);
    if (cost === undefined || cost >= least) continue;
    least = cost;
    member = i;
  }
  if (member === undefined) return undefined;
  const index = member;
  const cast = find(from, to.members[index]!.type);
  if (cast === undefined) return undefined;
  return {
    canFail: cast.canFail,
    run: (ctx, { input, rows, validity, nulls }) => {
      const children = childTypes(to).map((type, i) => {
        if (i === 0) return buildConstant(ctx, type, index, rows.count);
        if (i !== index + 1) return buildConstant(ctx, type, null, rows.count);
        return castChild(ctx, cast, input, rows, type, nulls !== 0);
      });
      return Vector.flat(to, rows.count, 0, nulls === 0 ? validity : nulls, children);
    },
  };
}
