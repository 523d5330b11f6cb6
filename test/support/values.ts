import fc from 'fast-check';
import {
  BINARY,
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT16,
  INT32,
  INT64,
  INT128,
  INTERVAL,
  list,
  struct,
  TIMESTAMP,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UINT128,
  UTF8,
  UUID,
} from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';

/** Types of every physical form that is not nested. */
export const FLAT_TYPES: readonly DataType[] = [
  BOOLEAN,
  INT8,
  INT16,
  INT32,
  INT64,
  INT128,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  UINT128,
  FLOAT32,
  FLOAT64,
  decimal(9, 2),
  decimal(38, 10),
  DATE,
  TIMESTAMP,
  INTERVAL,
  UUID,
  UTF8,
  BINARY,
  { kind: 'enum', values: ['red', 'green', 'blue'] },
];

export const NESTED_TYPES: readonly DataType[] = [
  list(INT32),
  list(UTF8),
  struct([
    { name: 'a', type: INT32 },
    { name: 'b', type: UTF8 },
  ]),
  struct([{ name: 'a', type: list(INT64) }]),
  list(struct([{ name: 'x', type: FLOAT64 }])),
  { kind: 'map', key: UTF8, value: INT32 },
  {
    kind: 'union',
    members: [
      { name: 'num', type: INT32 },
      { name: 'str', type: UTF8 },
    ],
  },
];

/** Raw values of a type, NULL included with odds of 1 in 5 unless `nullable` is false; edge values are frequent. */
export function rawValues(type: DataType, nullable = true): fc.Arbitrary<RawValue> {
  const values = present(type);
  return nullable ? fc.oneof({ weight: 4, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) }) : values;
}

function present(type: DataType): fc.Arbitrary<RawValue> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'int': {
      const bits = BigInt(type.bits);
      const min = type.signed ? -(1n << (bits - 1n)) : 0n;
      const max = min + (1n << bits) - 1n;
      const any = fc.oneof(
        fc.bigInt({ min, max }),
        fc.bigInt({ min: type.signed ? -9n : 0n, max: 9n }),
        fc.constantFrom(min, max),
      );
      return type.bits <= 32 ? any.map(Number) : any;
    }
    case 'float':
      return type.bits === 32 ? fc.float() : fc.double();
    case 'decimal': {
      const max = 10n ** BigInt(type.precision) - 1n;
      return fc.oneof(fc.bigInt({ min: -max, max }), fc.bigInt({ min: -99n, max: 99n }));
    }
    case 'date':
      return fc.integer({ min: -100_000, max: 100_000 });
    case 'time':
    case 'timestamp':
      return fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    case 'interval':
      return fc.record({
        months: fc.integer({ min: -30, max: 30 }),
        days: fc.integer({ min: -90, max: 90 }),
        micros: fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
      });
    case 'uuid':
      return fc.uuid();
    case 'enum':
      return fc.constantFrom(...type.values);
    case 'binary':
      return fc.uint8Array({ maxLength: 20 });
    case 'list':
      return fc.array(rawValues(type.element), { maxLength: 4 });
    case 'struct':
      return fc.tuple(...type.fields.map(f => rawValues(f.type)));
    case 'map':
      return fc.array(fc.tuple(rawValues(type.key, false), rawValues(type.value)), { maxLength: 4 });
    case 'union':
      return fc
        .nat(type.members.length - 1)
        .chain(i => fc.tuple(fc.constant(i), rawValues(type.members[i]!.type, false)));
    default:
      return fc.string({ maxLength: 30, unit: 'grapheme' });
  }
}
