import { RayexecError } from '../../common/errors.ts';
import { INT32, INT64, INT128 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { mapValues } from '../map-values.ts';
import { fixed } from '../overload.ts';

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [magnitude(a), magnitude(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function leastMultiple(a: bigint, b: bigint): bigint {
  return a === 0n || b === 0n ? 0n : magnitude((a / greatestDivisor(a, b)) * b);
}

const overBigints = (name: string, f: (a: bigint, b: bigint) => bigint): ScalarOverload[] =>
  (
    [
      [INT64, 64],
      [INT128, 128],
    ] as const
  ).map(([type, bits]) =>
    fixed(
      typeName(type).toLowerCase(),
      [type, type],
      type,
      (ctx, call) =>
        mapValues(ctx, call, (a, b) => {
          const result = f(a as bigint, b as bigint);
          if (BigInt.asIntN(bits, result) === result) return result;
          throw new RayexecError('overflow', `integer overflow: ${name}(${a}, ${b}) does not fit ${typeName(type)}`, {
            hint: 'cast an argument to HUGEINT',
          });
        }),
      { canFail: true },
    ),
  );

function factorial(n: number): bigint {
  if (n < 0) throw new RayexecError('invalid-argument', `there is no factorial of the negative number ${n}`);
  if (n > 33)
    throw new RayexecError('overflow', `integer overflow: ${n}! does not fit HUGEINT`, {
      hint: '33! is the largest that does',
    });
  let product = 1n;
  for (let k = 2n; k <= n; k++) product *= k;
  return product;
}

const MOST_HUGEINT = (1n << 127n) - 1n;

function binomial(n: number, k: number): bigint {
  if (n < 0 || k < 0) throw new RayexecError('invalid-argument', `binom(${n}, ${k}) has a negative argument`);
  if (k > n) return 0n;
  let ways = 1n;
  for (let i = 1; i <= Math.min(k, n - k); i++) {
    ways = (ways * BigInt(n - i + 1)) / BigInt(i);
    if (ways > MOST_HUGEINT)
      throw new RayexecError('overflow', `integer overflow: binom(${n}, ${k}) does not fit HUGEINT`);
  }
  return ways;
}

export const integerMath: readonly ScalarFunction[] = [
  {
    name: 'gcd',
    aliases: ['greatest_common_divisor'],
    doc: {
      summary: 'The greatest common divisor.',
      args: ['x', 'y'],
      examples: [['gcd(42, 57)', '3']],
      category: 'numeric',
    },
    overloads: overBigints('gcd', greatestDivisor),
  },
  {
    name: 'lcm',
    aliases: ['least_common_multiple'],
    doc: {
      summary: 'The least common multiple.',
      args: ['x', 'y'],
      examples: [['lcm(42, 57)', '798']],
      category: 'numeric',
    },
    overloads: overBigints('lcm', leastMultiple),
  },
  {
    name: 'binom',
    doc: {
      summary: 'How many sets of k of n things there are.',
      args: ['n', 'k'],
      examples: [['binom(5, 2)', '10']],
      category: 'numeric',
    },
    overloads: [
      fixed(
        'integer',
        [INT32, INT32],
        INT128,
        (ctx, call) => mapValues(ctx, call, (n, k) => binomial(n as number, k as number)),
        { canFail: true },
      ),
    ],
  },
  {
    name: 'factorial',
    aliases: ['!'],
    doc: {
      summary: 'The product of the integers from 1 to x.',
      args: ['x'],
      examples: [['factorial(4)', '24']],
      category: 'numeric',
    },
    overloads: [
      fixed('integer', [INT32], INT128, (ctx, call) => mapValues(ctx, call, n => factorial(n as number)), {
        canFail: true,
      }),
    ],
  },
];
