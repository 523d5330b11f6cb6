import type { StructField } from './data-type.ts';

/** Whether fields have no names of their own: those of `row(1, 2)`. */
const isUnnamed = (fields: readonly StructField[]): boolean => fields.every((f, i) => f.name === `v${i + 1}`);

/**
 * For each field of `to`, which field of `from` gives its value: by name in any case, NULL (-1) where there is none;
 * by position where one side has no names. Undefined when the structs have nothing in common.
 */
export function matchFields(from: readonly StructField[], to: readonly StructField[]): readonly number[] | undefined {
  if (isUnnamed(from) || isUnnamed(to)) return from.length === to.length ? to.map((_, i) => i) : undefined;
  const names = from.map(f => f.name.toLowerCase());
  const found = to.map(f => names.indexOf(f.name.toLowerCase()));
  return found.every(i => i < 0) ? undefined : found;
}

/** The fields of the struct that two structs meet in, before their types do: those of both, by name. */
export function mergeFields(
  a: readonly StructField[],
  b: readonly StructField[],
): readonly { readonly name: string; readonly a?: StructField; readonly b?: StructField }[] | undefined {
  if (isUnnamed(a) || isUnnamed(b)) {
    if (a.length !== b.length) return undefined;
    const names = isUnnamed(a) ? b : a;
    return names.map(({ name }, i) => ({ name, a: a[i]!, b: b[i]! }));
  }
  const same = (name: string) => (f: StructField) => f.name.toLowerCase() === name.toLowerCase();
  const merged = a.map(field => {
    const other = b.find(same(field.name));
    return { name: field.name, a: field, ...(other === undefined ? {} : { b: other }) };
  });
  return [...merged, ...b.filter(f => !a.some(same(f.name))).map(f => ({ name: f.name, b: f }))];
}
