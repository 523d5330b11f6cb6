import type { DataType } from '../../types/data-type.ts';
import { formatFloat, formatRaw } from '../../types/format-raw.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { dateText } from '../date-text.ts';

export type DateFormats = { readonly date: string | undefined; readonly timestamp: string | undefined };

/**
 * Prints the values of a type as JSON. Numbers keep all their digits; NaN and the infinities, which JSON has not, are
 * null; what JSON has no type for is its text.
 */
export function jsonText(type: DataType, formats: DateFormats): (value: RawValue) => string {
  const print = notNull(type, formats);
  return value => (value === null ? 'null' : print(value));
}

function notNull(type: DataType, formats: DateFormats): (value: RawValue) => string {
  switch (type.kind) {
    case 'null':
      return () => 'null';
    case 'boolean':
    case 'int':
      return String;
    case 'float':
      return value => (Number.isFinite(value) ? formatFloat(value as number, type.bits) : 'null');
    case 'decimal':
      return value => formatRaw(type, value);
    case 'json':
      return value => value as string;
    case 'list':
    case 'array': {
      const element = jsonText(type.element, formats);
      return value => `[${(value as readonly RawValue[]).map(element).join(',')}]`;
    }
    case 'struct': {
      const fields = type.fields.map(f => jsonText(f.type, formats));
      const keys = type.fields.map(f => JSON.stringify(f.name));
      return value => `{${(value as readonly RawValue[]).map((v, i) => `${keys[i]}:${fields[i]!(v)}`).join(',')}}`;
    }
    case 'map': {
      const item = jsonText(type.value, formats);
      const key = (k: RawValue): string => JSON.stringify(formatRaw(type.key, k));
      return value =>
        `{${(value as readonly (readonly [RawValue, RawValue])[]).map(([k, v]) => `${key(k)}:${item(v)}`).join(',')}}`;
    }
    case 'union': {
      const members = type.members.map(m => jsonText(m.type, formats));
      return value => {
        const [member, v] = value as readonly [number, RawValue];
        return members[member]!(v);
      };
    }
    default: {
      const text = dateText(type, formats.date, formats.timestamp) ?? ((value: RawValue) => formatRaw(type, value));
      return value => JSON.stringify(text(value));
    }
  }
}
