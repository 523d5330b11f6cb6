import { RayexecError } from '../../common/errors.ts';
import { type DataType, FLOAT32, FLOAT64, list } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction } from '../function.ts';
import { elementOf } from '../nested/list-overload.ts';
import { listDoc } from '../nested/nested-doc.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

type Numbers = readonly number[];
type Measure = (a: Numbers, b: Numbers) => RawValue;

const inner: (a: Numbers, b: Numbers) => number = (a, b) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** NULL for vectors without elements. */
function cosine(left: Numbers, right: Numbers): number | null {
  if (left.length === 0) return null;
  const [a, b] = [scaled(left), scaled(right)];
  return Math.max(-1, Math.min(1, inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b))));
}

/** The vector times a power of two, which is exact, such that its squares are neither infinite nor zero. */
function scaled(a: Numbers): Numbers {
  const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (largest === 0 || !Number.isFinite(largest)) return a;
  const factor = 2 ** -Math.max(-1000, Math.floor(Math.log2(largest)));
  return a.map(x => x * factor);
}

/** `array_cross_product`. */
const cross = (left: RawValue, right: RawValue): RawValue => {
  const [a, b] = [numbersOf(left), numbersOf(right)];
  if (a.length !== 3 || b.length !== 3)
    throw new RayexecError(
      'invalid-argument',
      `vectors of ${a.length} and ${b.length} elements have no cross product: they have three`,
    );
  const at = (i: number, j: number): number => a[i]! * b[j]! - a[j]! * b[i]!;
  return [at(1, 2), at(2, 0), at(0, 1)];
};

function numbersOf(value: RawValue): Numbers {
  const numbers = value as readonly (number | null)[];
  if (numbers.includes(null)) throw new RayexecError('invalid-argument', 'vectors can not have NULL elements');
  return numbers as Numbers;
}

const isNumeric = (type: DataType | undefined): boolean =>
  type !== undefined && ['null', 'int', 'decimal', 'float'].includes(type.kind);

function measure(
  name: string,
  summary: string,
  example: readonly [string, string],
  of: Measure,
  aliases: readonly string[] = [],
): ScalarFunction {
  return {
    name: `list_${name}`,
    aliases: [`array_${name}`, ...aliases],
    doc: listDoc(summary, ['left', 'right'], example),
    overloads: [
      generic(
        'vectors',
        '(DOUBLE[], DOUBLE[]) -> DOUBLE',
        args => {
          const elements = args.map(elementOf);
          if (args.length !== 2 || !elements.every(isNumeric)) return undefined;
          const isSingle = elements.every(e => e?.kind === 'float' && e.bits === 32);
          return { args: [list(FLOAT64), list(FLOAT64)], returns: isSingle ? FLOAT32 : FLOAT64, cost: 0 };
        },
        (ctx, call) =>
          mapRows(ctx, call, (left, right) => {
            const [a, b] = [numbersOf(left), numbersOf(right)];
            if (a.length === b.length) return of(a, b);
            throw new RayexecError(
              'invalid-argument',
              `vectors of ${a.length} and ${b.length} elements have no ${name}`,
            );
          }),
        { canFail: true },
      ),
    ],
  };
}

/** Lists of numbers as vectors. */
export const listDistances: readonly ScalarFunction[] = [
  measure(
    'distance',
    'The Euclidean distance of two vectors.',
    ['list_distance([1, 2], [4, 6])', '5.0'],
    (a, b) => Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0)),
    ['l2_distance'],
  ),
  measure('inner_product', 'The inner product of two vectors.', ['list_inner_product([1, 2], [3, 4])', '11.0'], inner, [
    'list_dot_product',
    'array_dot_product',
  ]),
  measure(
    'negative_inner_product',
    'The inner product of two vectors, negated.',
    ['list_negative_inner_product([1, 2], [3, 4])', '-11.0'],
    (a, b) => -inner(a, b),
    ['list_negative_dot_product', 'array_negative_dot_product'],
  ),
  measure(
    'cosine_similarity',
    'The cosine of the angle between two vectors.',
    ['list_cosine_similarity([1, 0], [0, 1])', '0.0'],
    cosine,
  ),
  measure(
    'cosine_distance',
    'One less the cosine of the angle between two vectors.',
    ['list_cosine_distance([1, 0], [0, 1])', '1.0'],
    (a, b) => {
      const similarity = cosine(a, b);
      return similarity === null ? null : 1 - similarity;
    },
  ),
  {
    name: 'array_cross_product',
    aliases: ['list_cross_product'],
    doc: listDoc(
      'The cross product of two vectors of three elements.',
      ['left', 'right'],
      ['array_cross_product([1, 2, 3], [2, 3, 4])', '[-1.0, 2.0, -1.0]'],
    ),
    overloads: [
      generic(
        'vectors',
        '(DOUBLE[3], DOUBLE[3]) -> DOUBLE[3]',
        args => {
          const elements = args.map(elementOf);
          if (args.length !== 2 || !elements.every(isNumeric)) return undefined;
          const isSingle = elements.every(e => e?.kind === 'float' && e.bits === 32);
          return { args: [list(FLOAT64), list(FLOAT64)], returns: list(isSingle ? FLOAT32 : FLOAT64), cost: 0 };
        },
        (ctx, call) => mapRows(ctx, call, cross),
        { canFail: true },
      ),
    ],
  },
];
