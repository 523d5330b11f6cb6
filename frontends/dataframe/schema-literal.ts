import { RayexecError } from '../../src/common/errors.ts';
import type { DataType, Field, Schema } from '../../src/types/data-type.ts';
import type { Any, Enum, List, MapOf, Struct, Tag } from './column-types.ts';
import { tagType } from './tag-type.ts';

type Decimal = `decimal(${number},${number})`;
type Nested =
  | { readonly list: ColumnLiteral }
  | { readonly struct: { readonly [field: string]: ColumnLiteral } }
  | { readonly key: ColumnLiteral; readonly value: ColumnLiteral }
  | { readonly enum: readonly string[] };

/**
 * A column's type as a value: `'int64'`, `'string?'` (a question mark allows NULL), `'decimal(15,2)'`, `'unknown'` (not
 * compared, `any`), `{ list: 'int32?' }`, `{ struct: { x: 'float64' } }`, `{ key: 'string', value: 'int64?' }`,
 * `{ enum: ['a', 'b'], nullable: true }`.
 */
export type ColumnLiteral =
  | Tag
  | `${Tag}?`
  | Decimal
  | `${Decimal}?`
  | 'unknown'
  | (Nested & { readonly nullable?: boolean });

/** Column types by name: `{ id: 'int64', name: 'string?' }`. */
export type SchemaLiteral = { readonly [column: string]: ColumnLiteral };

/** The static schema that a literal stands for. */
export type ColumnsOfLiteral<L> = { -readonly [K in keyof L]: ColumnOfLiteral<L[K]> };

type ColumnOfLiteral<L> = L extends `${infer T}?`
  ? TypeOfTag<T> | null
  : L extends string
    ? TypeOfTag<L>
    : TypeOfNested<L> | (L extends { readonly nullable: true } ? null : never);
type TypeOfTag<T extends string> = T extends Tag ? T : T extends `decimal(${string}` ? 'decimal' : Any;
type TypeOfNested<L> = L extends { readonly list: infer E }
  ? List<ColumnOfLiteral<E>>
  : L extends { readonly struct: infer F }
    ? Struct<ColumnsOfLiteral<F>>
    : L extends { readonly key: infer K; readonly value: infer V }
      ? MapOf<ColumnOfLiteral<K>, ColumnOfLiteral<V>>
      : L extends { readonly enum: readonly (infer V extends string)[] }
        ? Enum<V>
        : never;

/** The columns that a literal describes. @throws RayexecError `invalid-argument` for what is no type */
export function schemaOfLiteral(literal: SchemaLiteral): Schema {
  return Object.entries(literal).map(([name, column]): Field => ({ name, ...columnOfLiteral(column) }));
}

/** The type of a column literal, and whether it allows NULL. @throws RayexecError `invalid-argument` */
export function columnOfLiteral(literal: ColumnLiteral): Omit<Field, 'name'> {
  if (typeof literal === 'object') return { type: nestedType(literal), nullable: literal.nullable === true };
  const nullable = literal.endsWith('?');
  return { type: tagType(nullable ? literal.slice(0, -1) : literal), nullable };
}

function nestedType(literal: Nested): DataType {
  if ('list' in literal) return { kind: 'list', element: columnOfLiteral(literal.list).type };
  if ('enum' in literal) return { kind: 'enum', values: literal.enum };
  if ('key' in literal) {
    return { kind: 'map', key: columnOfLiteral(literal.key).type, value: columnOfLiteral(literal.value).type };
  }
  if ('struct' in literal) {
    const fields = Object.entries(literal.struct).map(([name, field]) => ({ name, type: columnOfLiteral(field).type }));
    return { kind: 'struct', fields };
  }
  throw new RayexecError('invalid-argument', `${JSON.stringify(literal)} is no column type`, {
    hint: "nested types are { list: … }, { struct: { … } }, { key: …, value: … } and { enum: ['a', 'b'] }",
  });
}

/**
 * The literal of a column. Elements and fields of nested types may always be NULL; a type that literals do not have
 * (UNION) is 'unknown'.
 */
export function literalOfColumn({ type, nullable }: Omit<Field, 'name'>): ColumnLiteral {
  if (hasUnion(type)) return 'unknown';
  const nested = nestedLiteral(type);
  if (nested !== undefined) return nullable ? { ...nested, nullable } : nested;
  return nullable ? (`${tagOf(type)}?` as `${Tag}?`) : (tagOf(type) as Tag);
}

function nestedLiteral(type: DataType): Nested | undefined {
  const inner = (of: DataType, nullable = true): ColumnLiteral => literalOfColumn({ type: of, nullable });
  switch (type.kind) {
    case 'list':
    case 'array':
      return { list: inner(type.element) };
    case 'struct':
      return { struct: Object.fromEntries(type.fields.map(f => [f.name, inner(f.type)])) };
    case 'map':
      return { key: inner(type.key, false), value: inner(type.value) };
    case 'enum':
      return { enum: type.values };
    default:
      return undefined;
  }
}

function hasUnion(type: DataType): boolean {
  switch (type.kind) {
    case 'union':
      return true;
    case 'list':
    case 'array':
      return hasUnion(type.element);
    case 'struct':
      return type.fields.some(f => hasUnion(f.type));
    case 'map':
      return hasUnion(type.key) || hasUnion(type.value);
    default:
      return false;
  }
}

/** The tag of a type that is not nested. */
function tagOf(type: DataType): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? '' : 'u'}int${type.bits}`;
    case 'float':
      return `float${type.bits}`;
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'utf8':
      return 'string';
    case 'timestamp':
      return type.zone ? 'timestamptz' : 'timestamp';
    default:
      return type.kind;
  }
}
