import { RayexecError } from '../../common/errors.ts';
import { BIT, INT32, UTF8 } from '../../types/data-type.ts';
import type { FunctionDoc, ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';
import { concatTexts } from '../text/concat-texts.ts';
import { byteLengths, combined, lengths, moved, ones, turned } from './bit-kernels.ts';
import { rowOverload } from './row-overload.ts';

const bitDoc = (
  summary: string,
  args: readonly string[],
  ...examples: readonly (readonly [string, string])[]
): FunctionDoc => ({ summary, args, examples, category: 'bit' });

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
  if (!/^[01]+$/.test(text))
    throw new RayexecError('conversion', `'${text}' can't be read as BIT`, { hint: "bits are '0' and '1'" });
  if (length < text.length)
    throw new RayexecError('invalid-argument', `${text.length} bits do not fit a bit string of ${length}`);
  if (length > MOST_BITS) throw new RayexecError('invalid-argument', `bit strings have at most ${MOST_BITS} bits here`);
  return text.padStart(length, '0');
}

/** Functions of bit strings. */
export const bitStrings: readonly ScalarFunction[] = [
  {
    name: '&',
    doc: bitDoc('The bits that both have.', ['left', 'right'], ["'1010'::BIT & '0110'::BIT", '0010']),
    overloads: [combined('&')],
  },
  {
    name: '|',
    doc: bitDoc('The bits that either has.', ['left', 'right'], ["'1010'::BIT | '0110'::BIT", '1110']),
    overloads: [combined('|')],
  },
  {
    name: 'xor',
    doc: bitDoc('The bits that just one of them has.', ['left', 'right'], ["xor('1010'::BIT, '0110'::BIT)", '1100']),
    overloads: [combined('xor')],
  },
  {
    name: '~',
    doc: bitDoc('All bits turned.', ['bits'], ["~'1010'::BIT", '0101']),
    overloads: [turned],
  },
  {
    name: '<<',
    doc: bitDoc('The bits moved to the left; the length stays.', ['bits', 'by'], ["'1011'::BIT << 1", '0110']),
    overloads: [moved('left')],
  },
  {
    name: '>>',
    doc: bitDoc('The bits moved to the right; the length stays.', ['bits', 'by'], ["'1011'::BIT >> 1", '0101']),
    overloads: [moved('right')],
  },
  {
    name: '||',
    doc: bitDoc('The bits one after the other.', ['a', 'b'], ["'10'::BIT || '1'::BIT", '101']),
    overloads: [fixed('bits', [BIT, BIT], BIT, (ctx, call) => concatTexts(ctx, call, call.args), { canFail: true })],
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
    overloads: [ones],
  },
  {
    name: 'length',
    aliases: ['len', 'char_length', 'character_length'],
    doc: bitDoc('Number of bits.', ['bits'], ["length('1101'::BIT)", '4']),
    overloads: [lengths],
  },
  {
    name: 'bit_length',
    doc: bitDoc('Number of bits.', ['bits'], ["bit_length('1101'::BIT)", '4']),
    overloads: [lengths],
  },
  {
    name: 'octet_length',
    doc: bitDoc('Number of bytes.', ['bits'], ["octet_length('101010101'::BIT)", '2']),
    overloads: [byteLengths],
  },
];
