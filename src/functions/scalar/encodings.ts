import { RayexecError } from '../../common/errors.ts';
import { BINARY, INT32, INT64, INT128, UINT64, UINT128, UTF8 } from '../../types/data-type.ts';
import type { FunctionDoc, ScalarFunction } from '../function.ts';
import { md5 } from '../text/digest.ts';
import { rowOverload } from './row-overload.ts';

const blobDoc = (summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc => ({
  summary,
  args,
  examples,
  category: 'blob',
});
const encoder = new TextEncoder();
const bad = (reason: string): RayexecError => new RayexecError('invalid-argument', reason);

function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0)
    throw new RayexecError('conversion', `'${text}' is no base64: its length is no multiple of 4`);
  try {
    return Uint8Array.from(atob(text), c => c.charCodeAt(0));
  } catch {
    throw new RayexecError('conversion', `'${text}' is no base64`);
  }
}

/** Bytes of digits; the first byte may have fewer of them. */
function fromDigits(text: string, radix: 2 | 16): Uint8Array {
  const width = radix === 16 ? 2 : 8;
  const wrong = (radix === 16 ? /[^0-9a-f]/i : /[^01]/).exec(text);
  if (wrong !== null) throw bad(`${wrong[0]} is no ${radix === 16 ? 'hexadecimal' : 'binary'} digit`);
  const padded = text.padStart(Math.ceil(text.length / width) * width, '0');
  return Uint8Array.from({ length: padded.length / width }, (_, i) =>
    Number.parseInt(padded.slice(i * width, (i + 1) * width), radix),
  );
}

const bits = (bytes: Uint8Array): string => Array.from(bytes, b => b.toString(2).padStart(8, '0')).join('');

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** @param otherwise what becomes of bytes that are no UTF-8: 'strict' fails, 'replace' gives '?' for each, 'ignore' nothing */
function decodeText(bytes: Uint8Array, otherwise = 'strict'): string {
  const text = textOf(bytes);
  if (text !== undefined) return text;
  if (otherwise === 'replace') return patchedText(bytes, '?');
  if (otherwise === 'ignore') return patchedText(bytes, '');
  if (otherwise !== 'strict') throw bad(`decode is told 'strict', 'replace' or 'ignore', it can't be '${otherwise}'`);
  throw new RayexecError('conversion', 'the blob is no UTF-8 text', {
    hint: "decode(blob, 'replace') puts ? for bytes that are none",
  });
}

/** The text of what is UTF-8, with a patch for each byte that is not. */
function patchedText(bytes: Uint8Array, patch: string): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const length = lengthBy(bytes[i]!);
    const character = textOf(bytes.subarray(i, i + length));
    text += character ?? patch;
    i += character === undefined ? 1 : length;
  }
  return text;
}

/** How many bytes a character has that begins with a byte. */
const lengthBy = (first: number): number => (first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);

/** Percent codes as their bytes; what is none stays. */
function urlDecode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, codes => {
    const bytes = Uint8Array.from(codes.match(/[0-9a-f]{2}/gi)!, c => Number.parseInt(c, 16));
    return decodeText(bytes);
  });
}

function toBase(value: bigint, radix: number, width: number): string {
  if (value < 0n) throw bad(`to_base takes no negative number such as ${value}`);
  if (radix < 2 || radix > 36) throw bad(`the base of to_base lies between 2 and 36, it can't be ${radix}`);
  if (width < 0 || width > 64) throw bad(`the length of to_base lies between 0 and 64, it can't be ${width}`);
  return value.toString(radix).toUpperCase().padStart(width, '0');
}

/** The digest as a number of 128 bits, its first byte the lowest. */
function md5Number(text: string): bigint {
  const bytes = md5(encoder.encode(text)).match(/../g)!.reverse();
  return BigInt(`0x${bytes.join('')}`);
}

const half = (text: string, from: 0 | 16): bigint => {
  const bytes = md5(encoder.encode(text))
    .slice(from, from + 16)
    .match(/../g)!
    .reverse();
  return BigInt(`0x${bytes.join('')}`);
};

/** Bytes as text, and back. */
export const encodings: readonly ScalarFunction[] = [
  {
    name: 'from_base64',
    doc: blobDoc('The blob that a base64 text stands for.', ['text'], ["from_base64('YWJj')", 'abc']),
    overloads: [rowOverload('text', [UTF8], BINARY, fromBase64)],
  },
  {
    name: 'unhex',
    aliases: ['from_hex'],
    doc: blobDoc('The bytes of hexadecimal digits.', ['text'], ["unhex('616263')", 'abc']),
    overloads: [rowOverload('text', [UTF8], BINARY, (text: string) => fromDigits(text, 16))],
  },
  {
    name: 'unbin',
    aliases: ['from_binary'],
    doc: blobDoc('The bytes of binary digits.', ['text'], ["unbin('01100001')", 'a']),
    overloads: [rowOverload('text', [UTF8], BINARY, (text: string) => fromDigits(text, 2))],
  },
  {
    name: 'bin',
    aliases: ['to_binary'],
    doc: blobDoc(
      'The bits of a number, or of the bytes of a text.',
      ['value'],
      ['bin(10)', '1010'],
      ["bin('a')", '01100001'],
    ),
    overloads: [
      rowOverload('text', [UTF8], UTF8, (text: string) => bits(encoder.encode(text))),
      rowOverload('integer', [INT64], UTF8, (n: bigint) => BigInt.asUintN(64, n).toString(2)),
      rowOverload('unsigned', [UINT64], UTF8, (n: bigint) => n.toString(2)),
      rowOverload('huge', [INT128], UTF8, (n: bigint) => BigInt.asUintN(128, n).toString(2)),
    ],
  },
  {
    name: 'decode',
    doc: blobDoc(
      "The text whose UTF-8 bytes a blob has; bytes that are none are errors ('strict'), '?' ('replace') or left out ('ignore').",
      ['blob', 'otherwise'],
      ["decode('a\\xC3\\xA9'::BLOB)", 'aé'],
      ["decode('a\\xFFb'::BLOB, 'replace')", 'a?b'],
    ),
    overloads: [
      rowOverload('blob', [BINARY], UTF8, (bytes: Uint8Array) => decodeText(bytes)),
      rowOverload('otherwise', [BINARY, UTF8], UTF8, decodeText),
    ],
  },
  {
    name: 'url_decode',
    doc: blobDoc('The text with its percent codes as characters.', ['text'], ["url_decode('a%20b')", 'a b']),
    overloads: [rowOverload('text', [UTF8], UTF8, urlDecode)],
  },
  {
    name: 'to_base',
    doc: blobDoc(
      'The digits of a number to a base from 2 to 36, at least so many.',
      ['number', 'base', 'length'],
      ['to_base(255, 16)', 'FF'],
      ['to_base(5, 2, 8)', '00000101'],
    ),
    overloads: [
      rowOverload('base', [INT64, INT32], UTF8, (n: bigint, radix: number) => toBase(n, radix, 0)),
      rowOverload('length', [INT64, INT32, INT32], UTF8, toBase),
    ],
  },
  {
    name: 'md5_number',
    doc: blobDoc(
      'The MD5 digest of a text as a number.',
      ['text'],
      ["md5_number('abc')", '152195979970564155685860391459828531600'],
    ),
    overloads: [rowOverload('text', [UTF8], UINT128, md5Number)],
  },
  {
    name: 'md5_number_lower',
    doc: blobDoc(
      'The last eight bytes of the MD5 digest as a number.',
      ['text'],
      ["md5_number_lower('abc')", '8250560606382298838'],
    ),
    overloads: [rowOverload('text', [UTF8], UINT64, (text: string) => half(text, 16))],
  },
  {
    name: 'md5_number_upper',
    doc: blobDoc(
      'The first eight bytes of the MD5 digest as a number.',
      ['text'],
      ["md5_number_upper('abc')", '12704604231530709392'],
    ),
    overloads: [rowOverload('text', [UTF8], UINT64, (text: string) => half(text, 0))],
  },
];
