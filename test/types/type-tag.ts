import type { DataType } from '../../src/types/data-type.ts';

/** How the compiler prints the tag of a type in a schema, or how that begins. */
export function typeTag(type: DataType): string {
  switch (type.kind) {
    case 'int':
      return `"${type.signed ? '' : 'u'}int${type.bits}"`;
    case 'float':
      return `"float${type.bits}"`;
    case 'utf8':
      return '"string"';
    case 'timestamp':
      return type.zone ? '"timestamptz"' : '"timestamp"';
    case 'list':
      return 'List<';
    case 'struct':
      return 'Struct<';
    case 'enum':
      return 'Enum<';
    default:
      return `"${type.kind}"`;
  }
}
