import { RayexecError } from '../../common/errors.ts';
import { BINARY, type DataType, INT32, INT64, INT128, list, UINT64, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { fixed } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';
import { graphemes } from './text-grapheme.ts';

type Compute = (...args: never[]) => RawValue;

const rows = (
  args: readonly DataType[],
  returns: DataType,
  compute: Compute,
  canFail = false,
  key = 'text',
): ScalarOverload =>
  fixed(key, args, returns, (ctx, call) => mapRows(ctx, call, compute as (...args: RawValue[]) => RawValue), {
    canFail,
  });

/** The largest text that a function makes of a short one. */
const MAX_LENGTH = 1 << 28;

function checkedLength(length: bigint): number {
  if (length <= MAX_LENGTH) return Number(length);
  throw new RayexecError('invalid-argument', `a text of ${length} characters is too long`);
}

/** Pads or cuts to a length in characters. */
function pad(side: 'left' | 'right', text: string, length: bigint, padding: string): string {
  const chars = [...text];
  const wanted = checkedLength(length < 0n ? 0n : length);
  if (chars.length >= wanted) return chars.slice(0, wanted).join('');
  const fill = [...padding];
  if (fill.length === 0) throw new RayexecError('invalid-argument', 'the padding is empty');
  const missing = Array.from({ length: wanted - chars.length }, (_, i) => fill[i % fill.length]!).join('');
  return side === 'left' ? missing + text : text + missing;
}

function translate(text: string, from: string, to: string): string {
  const target = [...to];
  const map = new Map<string, string>();
  [...from].forEach((c, i) => {
    if (!map.has(c)) map.set(c, target[i] ?? '');
  });
  return Array.from(text, c => map.get(c) ?? c).join('');
}

function fromCode(code: number): string {
  if (code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)) return String.fromCodePoint(code);
  throw new RayexecError('invalid-argument', `${code} is no code point`);
}

/** Puts a text in the place of `count` characters from a position. */
function overlay(text: string, by: string, from: bigint, count?: bigint): string {
  const chars = [...text];
  const start = Number(from) - 1;
  const end = start + Number(count ?? [...by].length);
  return [...chars.slice(0, Math.max(0, start)), by, ...chars.slice(Math.max(0, end))].join('');
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, b => b.toString(16).padStart(2, '0').toUpperCase()).join('');

const encoder = new TextEncoder();

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\x00-\x7f]*$/;

const reversed = (text: string): string => [...(ASCII.test(text) ? text : graphemes(text))].reverse().join('');

/** Making texts of texts and numbers. */
export const buildFunctions: readonly ScalarFunction[] = [
  {
    name: 'reverse',
    doc: textDoc('The characters (graphemes) from last to first.', ['text'], ["reverse('hello')", 'olleh']),
    overloads: [rows([UTF8], UTF8, reversed)],
  },
  {
    name: 'repeat',
    doc: textDoc('The text so many times.', ['text', 'count'], ["repeat('ab', 3)", 'ababab']),
    overloads: [
      rows(
        [UTF8, INT64],
        UTF8,
        (text: string, n: bigint) =>
          n <= 0n ? '' : text.repeat(checkedLength(n * BigInt(text.length)) / Math.max(1, text.length)),
        true,
      ),
    ],
  },
  {
    name: 'lpad',
    doc: textDoc(
      'The text filled up at its start, or cut, to a length.',
      ['text', 'length', 'padding'],
      ["lpad('7', 3, '0')", '007'],
    ),
    overloads: [
      rows([UTF8, INT64, UTF8], UTF8, (t: string, n: bigint, p: string) => pad('left', t, n, p), true),
      rows([UTF8, INT64], UTF8, (t: string, n: bigint) => pad('left', t, n, ' '), true, 'blanks'),
    ],
  },
  {
    name: 'rpad',
    doc: textDoc(
      'The text filled up at its end, or cut, to a length.',
      ['text', 'length', 'padding'],
      ["rpad('ab', 4, '.')", 'ab..'],
    ),
    overloads: [
      rows([UTF8, INT64, UTF8], UTF8, (t: string, n: bigint, p: string) => pad('right', t, n, p), true),
      rows([UTF8, INT64], UTF8, (t: string, n: bigint) => pad('right', t, n, ' '), true, 'blanks'),
    ],
  },
  {
    name: 'translate',
    doc: textDoc(
      'Each character that is in the first list becomes the one at its place in the second, or goes.',
      ['text', 'from', 'to'],
      ["translate('abcabc', 'ab', 'x')", 'xcxc'],
    ),
    overloads: [rows([UTF8, UTF8, UTF8], UTF8, translate)],
  },
  {
    name: 'overlay',
    doc: textDoc(
      'Another text in the place of so many characters from a position.',
      ['text', 'replacement', 'from', 'count'],
      ["overlay('abcdef' PLACING 'XX' FROM 2 FOR 3)", 'aXXef'],
    ),
    overloads: [
      rows([UTF8, UTF8, INT64], UTF8, overlay),
      rows([UTF8, UTF8, INT64, INT64], UTF8, overlay, false, 'count'),
    ],
  },
  {
    name: 'ascii',
    doc: textDoc('The code point of the first character; 0 for an empty text.', ['text'], ["ascii('a')", '97']),
    overloads: [rows([UTF8], INT32, (text: string) => text.codePointAt(0) ?? 0)],
  },
  {
    name: 'unicode',
    aliases: ['ord'],
    doc: textDoc('The code point of the first character; -1 for an empty text.', ['text'], ["unicode('é')", '233']),
    overloads: [rows([UTF8], INT32, (text: string) => text.codePointAt(0) ?? -1)],
  },
  {
    name: 'chr',
    doc: textDoc('The character of a code point.', ['code'], ['chr(233)', 'é']),
    overloads: [rows([INT32], UTF8, fromCode, true)],
  },
  {
    name: 'string_split',
    aliases: ['str_split', 'split', 'string_to_array'],
    doc: textDoc(
      'The parts between separators; the characters when the separator is empty, all when it is NULL.',
      ['text', 'separator'],
      ["string_split('a,b', ',')", '[a, b]'],
    ),
    overloads: [
      fixed(
        'text',
        [UTF8, UTF8],
        list(UTF8),
        (ctx, call) =>
          mapRows(ctx, call, (text, by) => {
            if (text === null || text === undefined) return null;
            if (by === null) return [text];
            return by === '' ? [...(text as string)] : (text as string).split(by as string);
          }),
        { nulls: 'handles' },
      ),
    ],
  },
  {
    name: 'hex',
    aliases: ['to_hex'],
    doc: textDoc(
      'The bytes of a text or blob, or a number, in hexadecimal digits.',
      ['value'],
      ["hex('abc')", '616263'],
    ),
    overloads: [
      rows([UTF8], UTF8, (text: string) => hex(encoder.encode(text))),
      rows([BINARY], UTF8, hex, false, 'blob'),
      rows([INT64], UTF8, (n: bigint) => BigInt.asUintN(64, n).toString(16).toUpperCase(), false, 'integer'),
      rows([UINT64], UTF8, (n: bigint) => n.toString(16).toUpperCase(), false, 'unsigned'),
      rows([INT128], UTF8, (n: bigint) => BigInt.asUintN(128, n).toString(16).toUpperCase(), false, 'huge'),
    ],
  },
  {
    name: 'to_base64',
    aliases: ['base64'],
    doc: textDoc('A blob as base64 text.', ['blob'], ["to_base64('abc'::BLOB)", 'YWJj']),
    overloads: [rows([BINARY], UTF8, (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)), false, 'blob')],
  },
  {
    name: 'encode',
    doc: textDoc('The UTF-8 bytes of a text.', ['text'], ["encode('a')", 'a']),
    overloads: [rows([UTF8], BINARY, (text: string) => encoder.encode(text))],
  },
  {
    name: 'url_encode',
    doc: textDoc(
      'The text with percent codes for all but letters, digits and -_.~',
      ['text'],
      ["url_encode('a b')", 'a%20b'],
    ),
    overloads: [
      rows([UTF8], UTF8, (text: string) =>
        encodeURIComponent(text).replace(/[!'()*]/g, c => `%${hex(encoder.encode(c))}`),
      ),
    ],
  },
  {
    name: 'strip_accents',
    doc: textDoc('The text without accents.', ['text'], ["strip_accents('é')", 'e']),
    overloads: [
      rows([UTF8], UTF8, (text: string) =>
        text
          .normalize('NFD')
          .replace(/\p{Mn}/gu, '')
          .normalize('NFC'),
      ),
    ],
  },
];
