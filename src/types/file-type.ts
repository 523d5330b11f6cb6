import { type DataType, UTF8 } from './data-type.ts';
import { childTypes } from './physical.ts';

/** Whether a type is or contains times with a zone. */
const hasZonedTimes = (type: DataType): boolean => type.kind === 'timetz' || childTypes(type).some(hasZonedTimes);

/** The type that values are written to Parquet as: times with a zone, for which it has no type, are texts. */
export function fileType(type: DataType): DataType {
  if (!hasZonedTimes(type)) return type;
  switch (type.kind) {
    case 'list':
    case 'array':
      return { ...type, element: fileType(type.element) };
    case 'map':
      return { ...type, key: fileType(type.key), value: fileType(type.value) };
    case 'struct':
      return { ...type, fields: type.fields.map(f => ({ ...f, type: fileType(f.type) })) };
    case 'union':
      return { ...type, members: type.members.map(m => ({ ...m, type: fileType(m.type) })) };
    default:
      return UTF8;
  }
}
