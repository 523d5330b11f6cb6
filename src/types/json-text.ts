import type { DataType } from './data-type.ts';
import { formatFloat, formatRaw } from './format-raw.ts';
import type { RawValue } from './raw-value.ts';

type TextOf = (type: DataType) => (value: RawValue) => string;

const formatted: TextOf = type => value => formatRaw(type, value);

/**
 * Prints the values of a type as JSON. Numbers keep all their digits; NaN and the infinities, which JSON has not, are
 * null; what JSON has no type for is its text, by `textOf`; a union is an object with its member.
 */
export function jsonText(type: DataType, textOf: TextOf = formatted): (value: RawValue) => string {
  const print = notNull(type, textOf);
  return value => (value === null ? 'null' : print(value));
}

function notNull(type: DataType, textOf: TextOf): (value: RawValue) => string {
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
      const element = jsonText(type.element, textOf);
      return value => `[${(value as readonly RawValue[]).map(element).join(',')}]`;
    }
    case 'struct': {
      const fields = type.fields.map(f => jsonText(f.type, textOf));
      const keys = type.fields.map(f => JSON.stringify(f.name));
      return value => `{${(value as readonly RawValue[]).map((v, i) => `${keys[i]}:${fields[i]!(v)}`).join(',')}}`;
    }
    case 'map': {
      const item = jsonText(type.value, textOf);
      const key = (k: RawValue): string => JSON.stringify(formatRaw(type.key, k));
      return value =>
        `{${(value as readonly (readonly [RawValue, RawValue])[]).map(([k, v]) => `${key(k)}:${item(v)}`).join(',')}}`;
    }
    case 'union': {
      const members = type.members.map(m => jsonText(m.type, textOf));
      return value => {
        const [member, v] = value as readonly [number, RawValue];
        return `{${JSON.stringify(type.members[member]!.name)}:${members[member]!(v)}}`;
      };
    }
    default: {
      const text = textOf(type);
      return value => JSON.stringify(text(value));
    }
  }
}
