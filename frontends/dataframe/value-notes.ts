import type { DataType, Schema } from '../../src/types/data-type.ts';
import { typeName } from '../../src/types/type-name.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';

/** Digits of a decimal that a double always keeps. */
const SAFE_DIGITS = 15;

/** For each column whose values a number may not hold under these options, what to ask for. */
export function valueNotes(schema: Schema, options: ValueOptions): readonly string[] {
  return schema.flatMap(({ name, type }) => {
    const parts = leaves(type);
    const decimal = parts.find(t => t.kind === 'decimal' && t.precision > SAFE_DIGITS);
    const wide = parts.find(t => t.kind === 'int' && t.bits === 128);
    return [
      ...(decimal !== undefined && (options.decimal ?? 'number') === 'number'
        ? [
            `"${name}" is ${typeName(decimal)}: numbers may not keep all digits; collect({ decimal: 'string' }) does, and 'exact' says where`,
          ]
        : []),
      ...(wide !== undefined && (options.int64 ?? 'number') === 'number'
        ? [
            `"${name}" is ${typeName(wide)}: a value beyond 2^53 - 1 is an error; collect({ int64: 'bigint' }) holds all`,
          ]
        : []),
    ];
  });
}

/** The types that are not nested. */
function leaves(type: DataType): readonly DataType[] {
  switch (type.kind) {
    case 'list':
    case 'array':
      return leaves(type.element);
    case 'struct':
      return type.fields.flatMap(f => leaves(f.type));
    case 'union':
      return type.members.flatMap(m => leaves(m.type));
    case 'map':
      return [...leaves(type.key), ...leaves(type.value)];
    default:
      return [type];
  }
}
