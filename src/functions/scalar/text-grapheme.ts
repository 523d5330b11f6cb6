import { INT64, UTF8 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { textDoc } from '../text/documented.ts';
import { rowOverload } from './row-overload.ts';

// Made when first needed: it takes milliseconds.
let segmenter: Intl.Segmenter | undefined;
/** What people take for characters: letters with their accents, emoji of several code points. */
export const graphemes = (text: string): readonly string[] => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), s => s.segment);
};

const first = (text: string, n: bigint): string => {
  const parts = graphemes(text);
  return parts.slice(0, n < 0n ? Math.max(0, parts.length + Number(n)) : Number(n)).join('');
};

const last = (text: string, n: bigint): string => {
  const parts = graphemes(text);
  const count = n < 0n ? Math.max(0, parts.length + Number(n)) : Math.min(parts.length, Number(n));
  return parts.slice(parts.length - count).join('');
};

/** From a position (from 1, negative: from the end), so many or all; a negative length takes those before. */
function part(text: string, start: bigint, length?: bigint): string {
  const parts = graphemes(text);
  const from = start < 0n ? Math.max(0, parts.length + Number(start)) : Number(start) - 1;
  if (length === undefined) return parts.slice(Math.max(0, from)).join('');
  const to = from + Number(length);
  return parts.slice(Math.max(0, Math.min(from, to)), Math.max(0, Math.max(from, to))).join('');
}

/** Parts of texts by graphemes. */
export const graphemeFunctions: readonly ScalarFunction[] = [
  {
    name: 'left_grapheme',
    doc: textDoc('Like left, by graphemes.', ['text', 'count'], ["left_grapheme('é!', 1)", 'é']),
    overloads: [rowOverload('text', [UTF8, INT64], UTF8, first)],
  },
  {
    name: 'right_grapheme',
    doc: textDoc('Like right, by graphemes.', ['text', 'count'], ["right_grapheme('!é', 1)", 'é']),
    overloads: [rowOverload('text', [UTF8, INT64], UTF8, last)],
  },
  {
    name: 'substring_grapheme',
    doc: textDoc(
      'Like substring, by graphemes.',
      ['text', 'start', 'length'],
      ["substring_grapheme('aéb', 2, 1)", 'é'],
    ),
    overloads: [
      rowOverload('from', [UTF8, INT64], UTF8, (text: string, start: bigint) => part(text, start)),
      rowOverload('for', [UTF8, INT64, INT64], UTF8, part),
    ],
  },
  {
    name: 'length_grapheme',
    doc: textDoc('How many graphemes a text has.', ['text'], ["length_grapheme('aé')", '2']),
    overloads: [rowOverload('text', [UTF8], INT64, (text: string) => BigInt(graphemes(text).length))],
  },
  {
    name: 'nfc_normalize',
    doc: textDoc(
      'The text with letters and accents composed.',
      ['text'],
      ["length(nfc_normalize('e' || chr(769)))", '1'],
    ),
    overloads: [rowOverload('text', [UTF8], UTF8, (text: string) => text.normalize('NFC'))],
  },
];
