import { RayexecError } from '../../common/errors.ts';
import { FLOAT64, INT64, UINT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { textDoc } from '../text/documented.ts';
import { rowOverload } from './row-overload.ts';

const DECIMAL = ['kB', 'MB', 'GB', 'TB', 'PB'];
const BINARY = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in the largest unit that leaves at least one, cut to one digit. */
function sizeText(bytes: bigint, step: bigint, units: readonly string[]): string {
  if (bytes < 0n) return `-${sizeText(-bytes, step, units)}`;
  if (bytes < step) return `${bytes} ${bytes === 1n ? 'byte' : 'bytes'}`;
  let unit = 0;
  let length = step;
  while (unit < units.length - 1 && bytes >= length * step) {
    length *= step;
    unit++;
  }
  const tenths = (bytes * 10n) / length;
  return `${tenths / 10n}.${tenths % 10n} ${units[unit]}`;
}

/** Powers of 1000 by their letters, and of 1024 by the letters with `i`. */
const FACTORS: ReadonlyMap<string, number> = new Map<string, number>([
  ['b', 1],
  ['byte', 1],
  ['bytes', 1],
  ...['kilo', 'mega', 'giga', 'tera'].flatMap((prefix, i) => {
    const letter = prefix[0]!;
    const decimal = [letter, `${letter}b`, `${prefix}byte`, `${prefix}bytes`];
    return [...decimal.map(unit => [unit, 1000 ** (i + 1)] as const), [`${letter}ib`, 1024 ** (i + 1)] as const];
  }),
]);

function parseSize(text: string): bigint {
  const match = /^\s*(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]+)\s*$/i.exec(text);
  const factor = match === null ? undefined : FACTORS.get(match[2]!.toLowerCase());
  if (factor === undefined) {
    throw new RayexecError('invalid-argument', `'${text}' is no size such as '1.5 GiB'`, {
      hint: 'a number and a unit: B, kB, MB, GB, TB by 1000, KiB, MiB, GiB, TiB by 1024',
    });
  }
  const number = match![1]!;
  const bytes = /^\d+$/.test(number) ? BigInt(number) * BigInt(factor) : truncated(Number(number) * factor);
  if (bytes === undefined || bytes < 0n || bytes >= 2n ** 64n)
    throw new RayexecError('overflow', `'${text}' is no number of bytes from 0 to 2^64 - 1`);
  return bytes;
}

const truncated = (bytes: number): bigint | undefined =>
  Number.isFinite(bytes) ? BigInt(Math.trunc(bytes)) : undefined;

const BLOCKS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar whose length is the value's place between two others. */
function bar(x: number, min: number, max: number, width = 80): string {
  if (!(width >= 1 && width <= 1000))
    throw new RayexecError('invalid-argument', `the width of a bar lies between 1 and 1000, it can't be ${width}`);
  const share = Number.isNaN(x) || x <= min || max <= min ? 0 : x >= max ? 1 : (x - min) / (max - min);
  const eighths = Math.trunc(share * width * 8);
  const text = '█'.repeat(eighths >> 3) + BLOCKS[eighths & 7]!;
  return text.padEnd(Math.trunc(width), ' ');
}

/** Numbers as people read them. */
export const sizeFunctions: readonly ScalarFunction[] = [
  {
    name: 'format_bytes',
    aliases: ['formatReadableSize', 'pg_size_pretty'].map(a => a.toLowerCase()),
    doc: textDoc('A number of bytes in KiB, MiB …', ['bytes'], ['format_bytes(123456789)', '117.7 MiB']),
    overloads: [rowOverload('integer', [INT64], UTF8, (n: bigint) => sizeText(n, 1024n, BINARY))],
  },
  {
    name: 'formatreadabledecimalsize',
    doc: textDoc('A number of bytes in kB, MB …', ['bytes'], ['formatReadableDecimalSize(123456789)', '123.4 MB']),
    overloads: [rowOverload('integer', [INT64], UTF8, (n: bigint) => sizeText(n, 1000n, DECIMAL))],
  },
  {
    name: 'parse_formatted_bytes',
    doc: textDoc('The number of bytes of a size.', ['text'], ["parse_formatted_bytes('1.5 GiB')", '1610612736']),
    overloads: [rowOverload('text', [UTF8], UINT64, parseSize)],
  },
  {
    name: 'bar',
    doc: textDoc(
      'A bar of a width (80 when left out) as long as the place of x between min and max.',
      ['x', 'min', 'max', 'width'],
      ["bar(5, 0, 10, 4) || '|'", '██  |'],
    ),
    overloads: [
      rowOverload('width', [FLOAT64, FLOAT64, FLOAT64, FLOAT64], UTF8, bar),
      rowOverload('default', [FLOAT64, FLOAT64, FLOAT64], UTF8, (x: number, min: number, max: number) =>
        bar(x, min, max),
      ),
    ],
  },
];
