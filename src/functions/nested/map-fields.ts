import { allRows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { flatten } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import type { EvalContext } from '../function.ts';

/** A map (or list) as lists of other elements, which stand where its own do. */
export function asLists({ form, length, data, validity }: Vector, type: DataType, elements: Vector): Vector {
  return form === 'constant'
    ? Vector.constant(type, length, data, validity, [elements])
    : Vector.flat(type, length, data, validity, [elements]);
}

/** A map's keys (0) or values (1), as lists of the type. */
export function mapFields(ctx: EvalContext, map: Vector, type: DataType, field: 0 | 1): Vector {
  const entries = map.children[0]!;
  return asLists(map, type, flatten(ctx, entries, allRows(entries.length)).children[field]!);
}
