import type { DataType } from './data-type.ts';

/** Whether values of a type are or contain instants or times with a zone, whose text depends on a time zone. */
export function hasInstants(type: DataType): boolean {
  switch (type.kind) {
    case 'timestamp':
      return type.zone;
    case 'timetz':
      return true;
    case 'list':
    case 'array':
      return hasInstants(type.element);
    case 'map':
      return hasInstants(type.key) || hasInstants(type.value);
    case 'struct':
      return type.fields.some(f => hasInstants(f.type));
    case 'union':
      return type.members.some(m => hasInstants(m.type));
    default:
      return false;
  }
}
