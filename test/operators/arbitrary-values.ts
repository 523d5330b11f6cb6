import fc from 'fast-check';
import * as T from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';

/** One of each way in which values lie in memory. */
export const FLAT_TYPES: readonly T.DataType[] = [
  T.BOOLEAN,
  T.INT8,
  T.UINT16,
  T.INT32,
  T.INT64,
  T.UINT64,
  T.INT128,
  T.FLOAT32,
  T.FLOAT64,
  T.decimal(10, 2),
  T.decimal(30, 2),
  T.UTF8,
  T.BINARY,
  T.DATE,
  T.TIMESTAMP,
  T.UUID,
  T.BIT,
  { kind: 'enum', values: ['red', 'green', 'blue'] },
];

export const NESTED_TYPES: readonly T.DataType[] = [
  T.list(T.INT32),
  T.list(T.list(T.UTF8)),
  T.struct([
    { name: 'a', type: T.INT16 },
    { name: 'b', type: T.UTF8 },
  ]),
  T.list(T.struct([{ name: 'x', type: T.list(T.FLOAT64) }])),
  { kind: 'map', key: T.UTF8, value: T.INT64 },
];

/** Few distinct values, so that they meet; with edges. */
function flatValue(type: T.DataType): fc.Arbitrary<RawValue> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'int':
      if (type.bits > 32) {
        const top = 1n << BigInt(type.bits - (type.signed ? 1 : 0));
        const edges = type.signed ? [-top, top - 1n, -1n] : [top - 1n, top >> 1n];
        return fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.constantFrom(...edges));
      }
      return fc.oneof(
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(
          ...(type.signed
            ? [-(2 ** (type.bits - 1)), 2 ** (type.bits - 1) - 1, -1]
            : [2 ** type.bits - 1, 2 ** (type.bits - 1)]),
        ),
      );
    case 'float':
      return fc.constantFrom(0, -0, 1, -1, 1.5, -2.25, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    case 'decimal':
      return fc.bigInt({ min: -5n, max: type.precision > 18 ? 10n ** 25n : 5n });
    case 'utf8':
      return fc.oneof(
        fc.constantFrom(
          '',
          'a',
          'ab',
          'abcdefghijkl',
          'abcdefghijklm',
          'abcdefghijklmnopqrst',
          'abcdefghijklmnopqrsu',
          'a\0',
          'é',
        ),
        fc.string({ maxLength: 30 }),
      );
    case 'binary':
      return fc.uint8Array({ maxLength: 3 }).map(b => new Uint8Array(b));
    case 'date':
      return fc.integer({ min: -3, max: 3 });
    case 'timestamp':
      return fc.bigInt({ min: -3n, max: 3n });
    // Of one length, as what combines them wants it.
    case 'bit':
      return fc.nat(255).map(n => n.toString(2).padStart(8, '0'));
    case 'uuid':
      return fc.constantFrom(
        '00000000-0000-0000-0000-000000000001',
        'ffffffff-0000-0000-0000-000000000001',
        'ffffffff-0000-0000-0000-000000000002',
      );
    case 'enum':
      return fc.constantFrom(...type.values);
    default:
      throw new Error(type.kind);
  }
}

/** A value of the type, or NULL. */
export function valueIn(type: T.DataType): fc.Arbitrary<RawValue> {
  return fc.oneof({ arbitrary: fc.constant(null), weight: 1 }, { arbitrary: presentValue(type), weight: 4 });
}

export function presentValue(type: T.DataType): fc.Arbitrary<RawValue> {
  switch (type.kind) {
    case 'list':
      return fc.array(valueIn(type.element), { maxLength: 3 });
    case 'struct':
      return fc.tuple(...type.fields.map(f => valueIn(f.type)));
    case 'map':
      return fc.array(fc.tuple(presentValue(type.key), valueIn(type.value)), { maxLength: 2 });
    default:
      return flatValue(type);
  }
}

/** Rows of the given types. */
export function rowsOfTypes(types: readonly T.DataType[], maxLength: number): fc.Arbitrary<RawValue[][]> {
  return fc.array(fc.tuple(...types.map(valueIn)), { maxLength });
}
