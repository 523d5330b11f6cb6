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
  INT32,
  INT64,
  INT128,
  INTERVAL,
  JSON_TYPE,
  list,
  NULL,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UINT64,
  UTF8,
  UUID,
} from '../../src/types/data-type.ts';
import type { Scalar } from '../../src/types/scalar.ts';

/** Names as users write them: plain ones, keywords of all classes, and such that need quotes. */
export const arbitraryName: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'Price', 'l_tax', 'x1', 'année') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...'select from order left row interval map date year value filter over rows nulls name'.split(' '),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...'current_date unbounded recursive xor lambda set suffix sample values exclude at is include literal'.split(
        ' ',
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('two words', 'quo"te', '1st', "it's", 'a.b', '--', '').filter(n => n !== ''),
  },
);

const simpleTypes: DataType[] = [
  ...[
    NULL,
    BOOLEAN,
    INT8,
    INT32,
    INT64,
    INT128,
    UINT64,
    FLOAT32,
    FLOAT64,
    UTF8,
    BINARY,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
  ],
  ...[INTERVAL, UUID, JSON_TYPE, decimal(15, 2), decimal(38, 38)],
];

/** Types that have a spelling; nested up to two levels. */
export function arbitraryType(depth = 2): fc.Arbitrary<DataType> {
  const simple = fc.constantFrom(...simpleTypes);
  if (depth === 0) return simple;
  const inner = arbitraryType(depth - 1);
  const fields = fc.array(fc.record({ name: fc.constantFrom('a', 'b c', 'order', 'Integer'), type: inner }), {
    minLength: 1,
    maxLength: 2,
  });
  return fc.oneof(
    { weight: 6, arbitrary: simple },
    { weight: 1, arbitrary: inner.map(list) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('array' as const),
        element: inner,
        length: fc.integer({ min: 1, max: 9 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('struct' as const), fields }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('map' as const), key: inner, value: inner }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('union' as const), members: fields }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('enum' as const), values: fc.constantFrom(['x'], ['a', "it's"]) }),
    },
  );
}

const bigInt = (min: bigint, max: bigint): fc.Arbitrary<string> => fc.bigInt({ min, max }).map(String);
const scalars = (type: DataType, value: fc.Arbitrary<Scalar['value']>): fc.Arbitrary<Scalar> =>
  value.map(v => ({ type, value: v }));
const float = (a: fc.Arbitrary<number>): fc.Arbitrary<Scalar['value']> =>
  a.map(x => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x)));

/** Constants of all types, with their edge values. */
export function arbitraryLiteral(): fc.Arbitrary<Scalar> {
  const timestamp = bigInt(-70_000_000_000_000_000n, 300_000_000_000_000_000n);
  return fc.oneof(
    scalars(INT32, fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer())),
    scalars(UTF8, fc.oneof(fc.constantFrom('', "it's", '\\', 'a\nb', '%a_'), fc.string())),
    scalars(NULL, fc.constant(null)),
    scalars(BOOLEAN, fc.boolean()),
    scalars(INT8, fc.integer({ min: -128, max: 127 })),
    scalars(INT64, bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
    scalars(UINT64, bigInt(0n, 2n ** 64n - 1n)),
    scalars(INT128, bigInt(-(2n ** 127n), 2n ** 127n - 1n)),
    scalars(FLOAT64, float(fc.double())),
    scalars(FLOAT32, float(fc.float())),
    scalars(decimal(3, 2), bigInt(-999n, 999n)),
    scalars(decimal(2, 2), bigInt(-99n, 99n)),
    scalars(decimal(15, 2), bigInt(-(10n ** 15n) + 1n, 10n ** 15n - 1n)),
    scalars(decimal(5, 0), bigInt(-99_999n, 99_999n)),
    scalars(
      BINARY,
      fc.uint8Array({ maxLength: 5 }).map(bytes => btoa(String.fromCharCode(...bytes))),
    ),
    scalars(DATE, fc.integer({ min: -800_000, max: 3_000_000 })),
    scalars(TIME, bigInt(0n, 86_399_999_999n)),
    scalars(TIMESTAMP, timestamp),
    scalars(TIMESTAMPTZ, timestamp),
    scalars({ kind: 'timestamp', unit: 'ns', zone: false }, bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
    scalars({ kind: 'timestamp', unit: 's', zone: false }, bigInt(-(2n ** 40n), 2n ** 40n)),
    scalars(
      INTERVAL,
      fc.record({
        months: fc.integer(),
        days: fc.integer({ min: -99, max: 99 }),
        micros: bigInt(-(2n ** 60n), 2n ** 60n),
      }),
    ),
    scalars(UUID, fc.uuid()),
    scalars(JSON_TYPE, fc.constantFrom('{"a": [1, 2]}', 'null', '"x"')),
    scalars(list(INT32), fc.array(fc.oneof(fc.integer(), fc.constant(null)), { maxLength: 3 })),
    arbitraryType(1).map((type): Scalar => ({ type, value: null })),
  );
}
