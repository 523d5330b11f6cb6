import { parseRaw } from '../../batch/parse-raw.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  FLOAT64,
  INT64,
  INT128,
  JSON_TYPE,
  list,
  sameType,
  struct,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UTF8,
  UUID,
} from '../../types/data-type.ts';
import { type JsonNode, JsonNumber, JsonObject } from './json-node.ts';

const IS_BOOLEAN = 1;
const IS_INT64 = 2;
const IS_INT128 = 4;
const IS_FLOAT = 8;
const IS_TEXT = 16;
const IS_LIST = 32;
const IS_OBJECT = 64;

/** Types that a text may have, by a pattern that all texts match. */
const TEXT_TYPES: readonly { readonly type: DataType; readonly pattern: RegExp }[] = [
  { type: DATE, pattern: /^\d{4}-\d{1,2}-\d{1,2}$/ },
  { type: TIME, pattern: /^\d{1,2}:\d\d:\d\d(?:\.\d+)?$/ },
  { type: TIMESTAMP, pattern: /^\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$/ },
  {
    type: TIMESTAMPTZ,
    pattern: /^\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/,
  },
  { type: UUID, pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i },
];
const ALL_TEXT_TYPES = (1 << TEXT_TYPES.length) - 1;
const INT128_DIGITS = 38;
const MAP_FIELDS = 200;

/** What the values of a place have in common, value by value. */
export class JsonShape {
  #kinds = 0;
  #textTypes = ALL_TEXT_TYPES;
  #element: JsonShape | undefined;
  readonly fields = new Map<string, JsonShape>();

  add(node: JsonNode): void {
    if (node === null) return;
    if (typeof node === 'boolean') this.#kinds |= IS_BOOLEAN;
    else if (typeof node === 'string') this.#addText(node);
    else if (node instanceof JsonNumber) this.#kinds |= numberKind(node.text);
    else if (node instanceof JsonObject) {
      this.#kinds |= IS_OBJECT;
      for (const [name, value] of node.members) this.field(name).add(value);
    } else {
      this.#kinds |= IS_LIST;
      this.#element ??= new JsonShape();
      for (const item of node) this.#element.add(item);
    }
  }

  /** Whether all values that are not null are objects with members. */
  get isRecord(): boolean {
    return this.#kinds === IS_OBJECT && this.fields.size > 0;
  }

  field(name: string): JsonShape {
    let shape = this.fields.get(name);
    if (shape === undefined) {
      shape = new JsonShape();
      this.fields.set(name, shape);
    }
    return shape;
  }

  /** The type that holds all values. @param depth levels of nesting that become types; deeper values stay JSON */
  type(depth: number): DataType {
    if (depth <= 0) return JSON_TYPE;
    switch (this.#kinds) {
      case IS_BOOLEAN:
        return BOOLEAN;
      case IS_INT64:
        return INT64;
      case IS_INT128:
      case IS_INT64 | IS_INT128:
        return INT128;
      case IS_TEXT: {
        const found = TEXT_TYPES.findIndex((_, i) => (this.#textTypes & (1 << i)) !== 0);
        return found < 0 ? UTF8 : TEXT_TYPES[found]!.type;
      }
      case IS_LIST:
        return list(this.#element!.type(depth - 1));
      case IS_OBJECT:
        return this.fields.size === 0 ? JSON_TYPE : this.#objectType(depth - 1);
      default:
        // Numbers of several kinds; else values that have no type in common, or no values.
        return (this.#kinds & IS_FLOAT) !== 0 && (this.#kinds & ~(IS_INT64 | IS_INT128 | IS_FLOAT)) === 0
          ? FLOAT64
          : JSON_TYPE;
    }
  }

  /** An object with very many members of one type is a map. */
  #objectType(depth: number): DataType {
    const fields = this.#structFields(depth);
    const value = fields[0]!.type;
    const isMap = this.fields.size >= MAP_FIELDS && fields.every(f => sameType(f.type, value));
    return isMap ? { kind: 'map', key: UTF8, value } : struct(fields);
  }

  #structFields(depth: number): { readonly name: string; readonly type: DataType }[] {
    const used = new Set<string>();
    const fields: { name: string; type: DataType }[] = [];
    for (const [name, shape] of this.fields) {
      // Names of a struct differ in more than case.
      if (used.has(name.toLowerCase())) continue;
      used.add(name.toLowerCase());
      fields.push({ name, type: shape.type(depth) });
    }
    return fields;
  }

  #addText(text: string): void {
    this.#kinds |= IS_TEXT;
    if (this.#textTypes === 0) return;
    this.#textTypes &= TEXT_TYPES.reduce(
      (mask, { type, pattern }, i) =>
        pattern.test(text) && parseRaw(type, text) !== undefined ? mask | (1 << i) : mask,
      0,
    );
  }
}

function numberKind(text: string): number {
  if (!/^-?\d+$/.test(text)) return IS_FLOAT;
  if (text.length <= 18) return IS_INT64;
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) === value) return IS_INT64;
  return text.length <= INT128_DIGITS ? IS_INT128 : IS_FLOAT;
}
