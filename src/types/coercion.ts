import {
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT32,
  INT64,
  INT128,
  NULL,
  sameType,
  TIMESTAMP,
  UTF8,
} from './data-type.ts';
import { matchFields, mergeFields } from './match-fields.ts';
import { MAX_PRECISION } from './physical.ts';
import type { Scalar } from './scalar.ts';

/** Values of the literals whose types `literalType` made. */
const literals = new WeakMap<DataType, string | bigint>();

/**
 * The type of a constant as it takes part in finding overloads and common types: a string literal becomes any type,
 * an integer literal any numeric type that holds its value. Other constants have just their own type.
 */
export function literalType({ type, value }: Scalar): DataType {
  if (value === null) return type;
  const isInteger = type.kind === 'int' && type.signed && type.bits <= 64;
  if (!isInteger && type.kind !== 'utf8') return type;
  const marked = { ...type };
  literals.set(marked, isInteger ? BigInt(value as string) : (value as string));
  return marked;
}

/** Whether the type is that of a string literal (see `literalType`). */
export const isStringLiteral = (type: DataType): boolean => typeof literals.get(type) === 'string';

/** The text of a string literal, for overloads whose result type depends on it (`date_part('epoch', x)`). */
export function literalText(type: DataType): string | undefined {
  const value = literals.get(type);
  return typeof value === 'string' ? value : undefined;
}

/** The value of an integer literal's type (see `literalType`); undefined for other types. */
export function literalInteger(type: DataType): bigint | undefined {
  const value = literals.get(type);
  return typeof value === 'bigint' ? value : undefined;
}

/** The plain type, also of a literal. */
export function plainType(type: DataType): DataType {
  return literals.has(type) ? { ...type } : type;
}

type IntType = Extract<DataType, { kind: 'int' }>;

/** Decimal digits that hold every value of an integer type (38 at most). */
function intDigits({ bits, signed }: IntType): number {
  switch (bits) {
    case 8:
      return 3;
    case 16:
      return 5;
    case 32:
      return 10;
    case 64:
      return signed ? 19 : 20;
    default:
      return MAX_PRECISION;
  }
}

/** An exact numeric type as a decimal: itself, or DECIMAL(digits, 0) of an integer; undefined for others. */
export function asDecimal(type: DataType): Extract<DataType, { kind: 'decimal' }> | undefined {
  if (type.kind === 'decimal') return type;
  if (type.kind !== 'int') return undefined;
  return { kind: 'decimal', precision: intDigits(type), scale: 0 };
}

/**
 * What casting without being asked to costs, for choosing among overloads: 0 for the same type, more for less likely
 * meanings; undefined where only an explicit cast will do, because something could be lost.
 */
export function implicitCastCost(from: DataType, to: DataType): number | undefined {
  const literal = literals.get(from);
  if (typeof literal === 'string') return to.kind === 'utf8' ? 1 : 20;
  if (typeof literal === 'bigint') {
    if (sameType(from, to)) return 0;
    if (to.kind === 'int') return fitsInt(literal, to) ? targetCost(to) - 90 : undefined;
  }
  if (sameType(from, to)) return 0;
  if (from.kind === 'null') return targetCost(to);
  if (to.kind === 'union') return memberCost(from, to);
  switch (from.kind) {
    case 'int':
      if (to.kind === 'int') return widens(from, to) ? targetCost(to) : undefined;
      return to.kind === 'float' || to.kind === 'decimal' ? targetCost(to) : undefined;
    case 'decimal':
      if (to.kind === 'decimal') {
        return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale ? 1 : undefined;
      }
      return to.kind === 'float' ? targetCost(to) : undefined;
    case 'float':
      return to.kind === 'float' && to.bits > from.bits ? targetCost(to) : undefined;
    case 'date':
      return to.kind === 'timestamp' ? targetCost(to) + (to.unit === 'us' ? 0 : 1) : undefined;
    case 'time':
      return to.kind === 'timetz' ? targetCost(to) : undefined;
    case 'timestamp':
      if (to.kind !== 'timestamp' || from.zone) return undefined;
      if (to.zone) return targetCost(to) + 1;
      return to.unit === 'us' || UNITS.indexOf(to.unit) >= UNITS.indexOf(from.unit) ? targetCost(to) : undefined;
    case 'enum':
    case 'json':
      return to.kind === 'utf8' ? 20 : undefined;
    case 'list':
    case 'array':
      return to.kind === 'list' ? implicitCastCost(from.element, to.element) : undefined;
    case 'map': {
      if (to.kind !== 'map') return undefined;
      return sum([implicitCastCost(from.key, to.key), implicitCastCost(from.value, to.value)]);
    }
    case 'struct':
      if (to.kind !== 'struct') return undefined;
      return sum(
        matchFields(from.fields, to.fields)?.map((at, i) =>
          at < 0 ? 1 : implicitCastCost(from.fields[at]!.type, to.fields[i]!.type),
        ) ?? [undefined],
      );
    default:
      return undefined;
  }
}

/** What becoming a union costs: the least of what becoming one of its members does, or of having all its members by name. */
function memberCost(from: DataType, to: Extract<DataType, { kind: 'union' }>): number | undefined {
  if (from.kind === 'union') {
    return sum(
      from.members.map(m => {
        const target = to.members.find(t => t.name === m.name);
        return target && implicitCastCost(m.type, target.type);
      }),
    );
  }
  const costs = to.members.map(m => implicitCastCost(from, m.type)).filter(c => c !== undefined);
  return costs.length === 0 ? undefined : targetCost(to) + Math.min(...costs);
}

const UNITS = ['s', 'ms', 'us', 'ns'];

function sum(costs: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const cost of costs) {
    if (cost === undefined) return undefined;
    total += cost;
  }
  return total;
}

/** DuckDB's order of preference among the types that a value could become. */
function targetCost(to: DataType): number {
  switch (to.kind) {
    case 'int':
      if (!to.signed) return 110;
      return to.bits === 64 ? 101 : to.bits === 32 ? 102 : to.bits === 128 ? 103 : 110;
    case 'float':
      return to.bits === 64 ? 104 : 110;
    case 'decimal':
      return 105;
    case 'utf8':
      return 149;
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
    case 'union':
      return 160;
    default:
      return 110;
  }
}

function widens(from: IntType, to: IntType): boolean {
  return to.bits > from.bits && (to.signed || !from.signed);
}

function fitsInt(value: bigint, { bits, signed }: IntType): boolean {
  return signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
}

/**
 * The type that two operands of a comparison, CASE, COALESCE, set operation or list literal meet in; undefined when
 * there is none without an explicit cast.
 */
export function commonType(a: DataType, b: DataType): DataType | undefined {
  const la = literals.get(a);
  const lb = literals.get(b);
  if (a.kind === 'null') return plainType(b);
  if (b.kind === 'null') return plainType(a);
  // A string literal takes the other side's type; an integer literal does where its value fits.
  if (typeof la === 'string') return typeof lb === 'string' ? UTF8 : plainType(b);
  if (typeof lb === 'string') return plainType(a);
  if (typeof la === 'bigint' && lb === undefined && b.kind === 'int' && fitsInt(la, b)) return b;
  if (typeof lb === 'bigint' && la === undefined && a.kind === 'int' && fitsInt(lb, a)) return a;
  if (sameType(a, b)) return plainType(a);
  return commonOf(a, b) ?? commonOf(b, a);
}

function commonOf(a: DataType, b: DataType): DataType | undefined {
  switch (a.kind) {
    case 'boolean':
      return b.kind === 'int' ? b : undefined;
    case 'int':
      return b.kind === 'int' ? commonInt(a, b) : undefined;
    case 'decimal': {
      const other = asDecimal(b);
      return other === undefined ? undefined : commonDecimal(a, other, b.kind === 'int');
    }
    case 'float':
      if (b.kind === 'float') return FLOAT64;
      return b.kind === 'int' || b.kind === 'decimal' ? (a.bits === 64 ? FLOAT64 : FLOAT32) : undefined;
    case 'date':
      return b.kind === 'timestamp' ? (b.zone || b.unit === 'ns' ? b : TIMESTAMP) : undefined;
    case 'time':
      return b.kind === 'timetz' ? b : undefined;
    case 'timestamp':
      if (b.kind !== 'timestamp') return undefined;
      if (a.zone || b.zone) return { kind: 'timestamp', unit: 'us', zone: true };
      return UNITS.indexOf(a.unit) >= UNITS.indexOf(b.unit) ? a : b;
    case 'utf8':
      return b.kind === 'enum' || b.kind === 'json' ? UTF8 : undefined;
    case 'enum':
      return b.kind === 'enum' ? UTF8 : undefined;
    case 'list':
    case 'array': {
      if (b.kind !== 'list' && b.kind !== 'array') return undefined;
      const element = commonType(a.element, b.element);
      if (element === undefined) return undefined;
      if (a.kind === 'array' && b.kind === 'array' && a.length === b.length) return { ...a, element };
      return { kind: 'list', element };
    }
    case 'struct': {
      const merged = b.kind === 'struct' ? mergeFields(a.fields, b.fields) : undefined;
      if (merged === undefined) return undefined;
      const fields: { name: string; type: DataType }[] = [];
      for (const field of merged) {
        const type = commonType(field.a?.type ?? NULL, field.b?.type ?? NULL);
        if (type === undefined) return undefined;
        fields.push({ name: field.name, type });
      }
      return { kind: 'struct', fields };
    }
    case 'union':
      return implicitCastCost(b, a) === undefined ? undefined : a;
    case 'map': {
      if (b.kind !== 'map') return undefined;
      const key = commonType(a.key, b.key);
      const value = commonType(a.value, b.value);
      return key === undefined || value === undefined ? undefined : { kind: 'map', key, value };
    }
    default:
      return undefined;
  }
}

function commonInt(a: IntType, b: IntType): DataType {
  if (a.signed === b.signed) return a.bits >= b.bits ? plainType(a) : plainType(b);
  const [signed, unsigned] = a.signed ? [a, b] : [b, a];
  if (signed.bits > unsigned.bits) return plainType(signed);
  switch (unsigned.bits) {
    case 8:
      return { kind: 'int', bits: 16, signed: true };
    case 16:
      return INT32;
    case 32:
      return INT64;
    case 64:
      return INT128;
    default:
      return FLOAT64;
  }
}

type DecimalType = Extract<DataType, { kind: 'decimal' }>;

/** Room for both. Beyond 38 digits the places after the point give way, but not to an integer. */
function commonDecimal(a: DecimalType, b: DecimalType, isInteger: boolean): DataType {
  const scale = Math.max(a.scale, b.scale);
  const integral = Math.max(a.precision - a.scale, b.precision - b.scale);
  if (integral + scale <= MAX_PRECISION) return decimal(integral + scale, scale);
  return decimal(MAX_PRECISION, isInteger ? scale : MAX_PRECISION - integral);
}

/** The common type of any number of types; NULL for none. */
export function commonTypeOf(types: readonly DataType[]): DataType | undefined {
  let common: DataType | undefined = types.length === 0 ? NULL : types[0];
  for (const type of types.slice(1)) {
    // Literals stay flexible until they meet a type: 1 and 300 and a TINYINT must not end as TINYINT. Texts also beside NULL.
    if (common?.kind === 'null' && isStringLiteral(type)) common = type;
    else if (common !== undefined) common = commonType(common, type);
  }
  return common === undefined ? undefined : plainType(common);
}

/**
 * The type in which two sides are compared: their common type, but for decimals with all places after the point. Values
 * with too many digits fail then, as in DuckDB; rounded they might seem equal. BOOLEAN meets integers only, not 0.5.
 */
export const comparisonType = (a: DataType, b: DataType): DataType | undefined =>
  withAllPlaces(commonType(a, b), [a, b]);

/** The type in which any number of values are compared. */
export const comparisonTypeOf = (types: readonly DataType[]): DataType | undefined =>
  withAllPlaces(commonTypeOf(types), types);

function withAllPlaces(common: DataType | undefined, types: readonly DataType[]): DataType | undefined {
  if (common?.kind !== 'decimal') return common;
  const scale = Math.max(...types.map(t => (t.kind === 'decimal' ? t.scale : 0)));
  return scale > common.scale ? decimal(MAX_PRECISION, scale) : common;
}
