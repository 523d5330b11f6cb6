import { asConstant, buildVector } from '../batch/builder.ts';
import { valueReader } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import { type DataType, sameType, UTF8 } from '../types/data-type.ts';
import { physicalType } from '../types/physical.ts';
import type { TimeZone } from '../types/time-zone.ts';
import { castBit } from './cast-bit.ts';
import type { Cast } from './cast-call.ts';
import { castFromJson, castToJson } from './cast-json.ts';
import { castToMember } from './cast-member.ts';
import { castList, castStruct } from './cast-nested.ts';
import { castDecimal, castNumber } from './cast-number.ts';
import { castFromText, castToText } from './cast-text.ts';
import { castDate, castTimestamp, castTimestampToDate } from './cast-time.ts';
import { castStructToUnion, castUnion } from './cast-union.ts';
import { castUuid } from './cast-uuid.ts';
import { castInZone } from './cast-zone.ts';
import { castZonedTime } from './cast-zoned-time.ts';

/**
 * The cast between two types, implicit or not; undefined where there is none.
 * @param zone whose clocks instants stand for; without one, UTC
 */
export function findCast(from: DataType, to: DataType, zone?: TimeZone): Cast | undefined {
  const find = (a: DataType, b: DataType): Cast | undefined => findCast(a, b, zone);
  const zoned = zone === undefined ? undefined : castInZone(from, to, zone, find);
  if (zoned !== undefined) return zoned;
  if (sameType(from, to) || isRelabel(from, to)) return relabel;
  if (from.kind === 'null') return toNulls;
  if (to.kind === 'utf8') return from.kind === 'enum' ? enumToText : castToText;
  if (to.kind === 'json' || to.kind === 'null')
    return from.kind === 'utf8' ? castFromText : to.kind === 'json' ? castToJson : undefined;
  if (to.kind === 'union') {
    if (from.kind === 'union') return castUnion(from, to, find);
    if (from.kind === 'json' && !to.members.some(m => m.type.kind === 'json')) return castFromJson;
    return castToMember(from, to, find) ?? (from.kind === 'struct' ? castStructToUnion(from, to) : undefined);
  }
  if (from.kind === 'uuid' || to.kind === 'uuid') {
    const bits = castUuid(from, to);
    if (bits !== undefined) return bits;
  }
  if (from.kind !== 'json' && from.kind !== 'utf8' && from.kind !== 'enum') {
    if (to.kind === 'bit' || from.kind === 'bit') return castBit(from, to);
    if (to.kind === 'timetz' || from.kind === 'timetz') return castZonedTime(from, to);
  }
  switch (from.kind) {
    case 'json':
      return castFromJson;
    case 'utf8':
    case 'enum':
      return castFromText;
    case 'boolean':
    case 'int':
    case 'float':
      if (to.kind === 'decimal') return castDecimal;
      return to.kind === 'int' || to.kind === 'float' || to.kind === 'boolean' ? castNumber(from, to) : undefined;
    case 'decimal':
      return to.kind === 'decimal' || to.kind === 'int' || to.kind === 'float' || to.kind === 'boolean'
        ? castDecimal
        : undefined;
    case 'date':
      return to.kind === 'timestamp' ? castDate : undefined;
    case 'timestamp':
      if (to.kind === 'date') return castTimestampToDate;
      return to.kind === 'timestamp' || to.kind === 'time' ? castTimestamp : undefined;
    case 'list':
    case 'array':
    case 'map':
      return castList(from, to, find);
    case 'struct':
      return castStruct(from, to, find);
    default:
      return undefined;
  }
}

/** Types whose values lie alike and mean the same. */
function isRelabel(from: DataType, to: DataType): boolean {
  if ((from.kind === 'json' || from.kind === 'bit') && to.kind === 'utf8') return true;
  if (from.kind === 'timestamp' && to.kind === 'timestamp') return from.unit === to.unit;
  if (from.kind !== 'decimal' || to.kind !== 'decimal') return false;
  return from.scale === to.scale && from.precision <= to.precision && physicalType(from) === physicalType(to);
}

const relabel: Cast = { canFail: false, run: (_ctx, { input, to }) => input.as(to) };

/** NULL for every row: what NULL becomes, and what TRY_CAST makes of values that never become the type. */
export const toNulls: Cast = {
  canFail: false,
  run: (ctx, { rows, to }) =>
    buildVector(
      ctx,
      to,
      Array.from({ length: rows.count }, () => null),
    ),
};

/** An enum's codes are the codes of a dictionary of its names. */
const enumToText: Cast = {
  canFail: false,
  run: (ctx, { input, rows, from, to }) => {
    if (input.form === 'constant') {
      const value = valueReader(ctx.memory, input)(0);
      return asConstant(buildVector(ctx, to, [value]), input.length);
    }
    const names = buildVector(ctx, to.kind === 'utf8' ? UTF8 : to, from.kind === 'enum' ? from.values : []);
    if (input.validity === 0) return Vector.coded(names, input.length, input.data);
    const codes = ctx.arena.alloc(rows.count * 4);
    ctx.kernels.codes_of_valid(input.validity, input.data, rows.selection, rows.selected, codes);
    return Vector.coded(names, rows.count, codes, input.validity);
  },
};
