import { RayexecError } from '../../common/errors.ts';
import { BIT, type DataType, INT32, INT64, UTF8 } from '../../types/data-type.ts';
import type { FunctionDoc, ScalarFunction } from '../function.ts';
import { rowOverload } from './row-overload.ts';

const bitDoc = (
  summary: string,
  args: readonly string[],
  ...examples: readonly (readonly [string, string])[]
): FunctionDoc => ({ summary, args, examples, category: 'bit' });

/** One bit from each of two strings of one length. */
function combine(name: string, keep: (a: boolean, b: boolean) => boolean) {
  return (a: string, b: string): string => {
    if (a.length !== b.length)
      throw new RayexecError('invalid-argument', `bit strings of ${a.length} and ${b.length} bits have no ${name}`, {
        hint: 'bitstring(bits, length) makes one longer',
      });
    return Array.from(a, (bit, i) => (keep(bit === '1', b[i] === '1') ? '1' : '0')).join('');
  };
}

export const andBits = combine('&', (a, b) => a && b);
export const orBits = combine('|', (a, b) => a || b);
export const xorBits = combine('xor', (a, b) => a !== b);

function shiftLeft(bits: string, by: number): string {
  if (by < 0) throw new RayexecError('invalid-argument', `bits can't be moved left by ${by}`);
  return bits.slice(by).padEnd(bits.length, '0');
}

/** By a negative number nothing is left, as in DuckDB. */
const shiftRight = (bits: string, by: number): string =>
  by < 0 ? '0'.repeat(bits.length) : bits.slice(0, Math.max(0, bits.length - by)).padStart(bits.length, '0');

function checkIndex(bits: string, index: number): void {
  if (index < 0 || index >= bits.length)
    throw new RayexecError('invalid-argument', `there is no bit ${index}: the last of them is ${bits.length - 1}`);
}

function setBit(bits: string, index: number, bit: number): string {
  if (bit !== 0 && bit !== 1) throw new RayexecError('invalid-argument', `a bit is 0 or 1, not ${bit}`);
  checkIndex(bits, index);
  return bits.slice(0, index) + bit + bits.slice(index + 1);
}

function getBit(bits: string, index: number): number {
  checkIndex(bits, index);
  return Number(bits[index]);
}

/** More bits than this are a mistake. */
const MOST_BITS = 100_000_000;

function bitString(text: string, length: number): string {
  if (!/^[01]*$/.test(text))
    throw new RayexecError('conversion', `'${text}' can't be read as BIT`, { hint: "bits are '0' and '1'" });
  if (length < Math.max(text.length, 1))
    throw new RayexecError('invalid-argument', `${text.length} bits do not fit a bit string of ${length}`);
  if (length > MOST_BITS) throw new RayexecError('invalid-argument', `bit strings have at most ${MOST_BITS} bits here`);
  return text.padStart(length, '0');
}

const pair = (compute: (a: string, b: string) => string, returns: DataType = BIT) =>
  rowOverload('bits', [BIT, BIT], returns, compute);
const moved = (compute: (bits: string, by: number) => string) => rowOverload('bits', [BIT, INT32], BIT, compute);

const lengthOf = (bits: string): bigint => BigInt(bits.length);

/** Functions of bit strings. */
export const bitStrings: readonly ScalarFunction[] = [
  {
    name: '&',
    doc: bitDoc('The bits that both have.', ['left', 'right'], ["'1010'::BIT & '0110'::BIT", '0010']),
    overloads: [pair(andBits)],
  },
  {
    name: '|',
    doc: bitDoc('The bits that either has.', ['left', 'right'], ["'1010'::BIT | '0110'::BIT", '1110']),
    overloads: [pair(orBits)],
  },
  {
    name: 'xor',
    doc: bitDoc('The bits that just one of them has.', ['left', 'right'], ["xor('1010'::BIT, '0110'::BIT)", '1100']),
    overloads: [pair(xorBits)],
  },
  {
    name: '~',
    doc: bitDoc('All bits turned.', ['bits'], ["~'1010'::BIT", '0101']),
    overloads: [
      rowOverload('bits', [BIT], BIT, (bits: string) => Array.from(bits, bit => (bit === '1' ? '0' : '1')).join('')),
    ],
  },
  {
    name: '<<',
    doc: bitDoc('The bits moved to the left; the length stays.', ['bits', 'by'], ["'1011'::BIT << 1", '0110']),
    overloads: [moved(shiftLeft)],
  },
  {
    name: '>>',
    doc: bitDoc('The bits moved to the right; the length stays.', ['bits', 'by'], ["'1011'::BIT >> 1", '0101']),
    overloads: [moved(shiftRight)],
  },
  {
    name: '||',
    doc: bitDoc('The bits one after the other.', ['a', 'b'], ["'10'::BIT || '1'::BIT", '101']),
    overloads: [pair((a, b) => a + b)],
  },
  {
    name: 'bitstring',
    doc: bitDoc(
      'The bits, with zeros before them up to a length.',
      ['bits', 'length'],
      ["bitstring('11', 5)", '00011'],
    ),
    overloads: [rowOverload('text', [UTF8, INT32], BIT, bitString), rowOverload('bits', [BIT, INT32], BIT, bitString)],
  },
  {
    name: 'get_bit',
    doc: bitDoc('The bit at a place, counted from 0 on the left.', ['bits', 'index'], ["get_bit('0110'::BIT, 2)", '1']),
    overloads: [rowOverload('bits', [BIT, INT32], INT32, getBit)],
  },
  {
    name: 'set_bit',
    doc: bitDoc(
      'The bits with another one at a place, counted from 0 on the left.',
      ['bits', 'index', 'bit'],
      ["set_bit('0110'::BIT, 3, 1)", '0111'],
    ),
    overloads: [rowOverload('bits', [BIT, INT32, INT32], BIT, setBit)],
  },
  {
    name: 'bit_position',
    doc: bitDoc(
      'Where some bits first stand in others, from 1 on; 0 when they do not.',
      ['part', 'bits'],
      ["bit_position('10'::BIT, '0010'::BIT)", '3'],
    ),
    overloads: [rowOverload('bits', [BIT, BIT], INT32, (part: string, bits: string) => bits.indexOf(part) + 1)],
  },
  {
    name: 'bit_count',
    doc: bitDoc('How many bits are 1.', ['bits'], ["bit_count('1101'::BIT)", '3']),
    overloads: [rowOverload('bits', [BIT], INT64, (bits: string) => BigInt(bits.replaceAll('0', '').length))],
  },
  {
    name: 'length',
    doc: bitDoc('Number of bits.', ['bits'], ["length('1101'::BIT)", '4']),
    overloads: [rowOverload('bits', [BIT], INT64, lengthOf)],
  },
  {
    name: 'bit_length',
    doc: bitDoc('Number of bits.', ['bits'], ["bit_length('1101'::BIT)", '4']),
    overloads: [rowOverload('bits', [BIT], INT64, lengthOf)],
  },
  {
    name: 'octet_length',
    doc: bitDoc('Number of bytes.', ['bits'], ["octet_length('101010101'::BIT)", '2']),
    overloads: [rowOverload('bits', [BIT], INT64, (bits: string) => BigInt(Math.ceil(bits.length / 8)))],
  },
];
