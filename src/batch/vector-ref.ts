import type { DataType } from '../types/data-type.ts';
import { childTypes } from '../types/physical.ts';
import { Vector, type VectorForm } from './vector.ts';

/** A vector as plain data: its addresses. It means something only to threads of the same memory, while the owner lives. */
export type VectorRef = {
  readonly form: VectorForm;
  readonly length: number;
  readonly data: number;
  readonly validity: number;
  readonly children?: readonly VectorRef[];
  readonly dictionary?: VectorRef;
};

export function toRef(vector: Vector): VectorRef {
  const { form, length, data, validity, children, dictionary } = vector;
  return {
    form,
    length,
    data,
    validity,
    ...(children.length > 0 ? { children: children.map(toRef) } : {}),
    ...(dictionary === undefined ? {} : { dictionary: toRef(dictionary) }),
  };
}

/** The vector at these addresses, read as `type`. */
export function fromRef(type: DataType, ref: VectorRef): Vector {
  const { form, length, data, validity } = ref;
  if (ref.dictionary !== undefined) return Vector.coded(fromRef(type, ref.dictionary), length, data, validity);
  const types = childTypes(type);
  const children = (ref.children ?? []).map((c, i) => fromRef(types[i]!, c));
  return form === 'constant'
    ? Vector.constant(type, length, data, validity, children)
    : Vector.flat(type, length, data, validity, children);
}
