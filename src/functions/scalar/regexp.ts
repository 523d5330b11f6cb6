import { RayexecError } from '../../common/errors.ts';
import { BOOLEAN, type DataType, INT32, INT64, list, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { fixed } from '../overload.ts';
import { textDoc } from '../text/documented.ts';
import { mapRows } from '../text/map-rows.ts';
import { compileRegexp, expandReplacement } from '../text/regexp.ts';

type Compute = (...args: never[]) => RawValue;

const rows = (key: string, args: readonly DataType[], returns: DataType, compute: Compute): ScalarOverload =>
  fixed(key, args, returns, (ctx, call) => mapRows(ctx, call, compute as (...args: RawValue[]) => RawValue), {
    canFail: true,
  });

/** Overloads of the given types, with the options of the pattern as one more argument. */
const withOptions = (
  args: readonly DataType[],
  returns: DataType,
  compute: Compute,
  key = 'text',
): readonly ScalarOverload[] => [
  rows(key, args, returns, compute),
  rows(`${key}-options`, [...args, UTF8], returns, compute),
];

const matches = (text: string, pattern: string, options?: string): boolean =>
  compileRegexp(pattern, options).search.test(text);
const matchesWhole = (text: string, pattern: string, options?: string): boolean =>
  compileRegexp(pattern, options).whole.test(text);

function replaceMatches(text: string, pattern: string, by: string, options?: string): string {
  const { search, all, isGlobal } = compileRegexp(pattern, options);
  let replaced = '';
  let end = 0;
  for (const match of isGlobal ? text.matchAll(all) : [search.exec(text)]) {
    // As in RE2, nothing is no match right behind a match.
    if (match === null || (match[0] === '' && match.index === end && end > 0)) continue;
    replaced += text.slice(end, match.index) + expandReplacement(by, match);
    end = match.index + match[0].length;
  }
  return replaced + text.slice(end);
}

function groupNumber(group: number): number {
  if (group >= 0 && group <= 9) return group;
  throw new RayexecError('invalid-argument', `a group of a regular expression is a number from 0 to 9, not ${group}`);
}

const extract = (text: string, pattern: string, group = 0, options = ''): string =>
  compileRegexp(pattern, options).search.exec(text)?.[groupNumber(group)] ?? '';

const extractAll = (text: string, pattern: string, group = 0, options = ''): readonly string[] =>
  Array.from(text.matchAll(compileRegexp(pattern, options).all), match => match[groupNumber(group)] ?? '');

/** The text between matches; an empty match splits between characters. */
function split(text: string, pattern: string, options?: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(compileRegexp(pattern, options).all)) {
    if (match[0] === '' && (match.index === 0 || match.index >= text.length)) continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

const TEXTS = ['text', 'pattern'];
const OPTIONS = [...TEXTS, 'options'];

const tester = (
  name: string,
  aliases: readonly string[],
  summary: string,
  example: readonly [string, string],
  compute: Compute,
): ScalarFunction => ({
  name,
  aliases,
  doc: textDoc(summary, OPTIONS, example),
  overloads: withOptions([UTF8, UTF8], BOOLEAN, compute),
});

/** Regular expressions, in RE2's syntax. */
export const regexpFunctions: readonly ScalarFunction[] = [
  tester(
    'regexp_matches',
    ['regexp_like', '~'],
    'Whether the text has a match in it.',
    ["'hello' ~ 'l+'", 'true'],
    matches,
  ),
  tester(
    '!~',
    [],
    'Whether the text has no match in it.',
    ["'hello' !~ 'x'", 'true'],
    (t: string, p: string) => !matches(t, p),
  ),
  tester(
    '~*',
    [],
    'Whether the text has a match in it, in any case.',
    ["'Hello' ~* 'h'", 'true'],
    (t: string, p: string) => matches(t, p, 'i'),
  ),
  tester(
    '!~*',
    [],
    'Whether the text has no match in it in any case.',
    ["'Hello' !~* 'h'", 'false'],
    (t: string, p: string) => !matches(t, p, 'i'),
  ),
  tester(
    'regexp_full_match',
    ['similar to'],
    'Whether the whole text matches.',
    ["regexp_full_match('hello', 'h.*o')", 'true'],
    matchesWhole,
  ),
  tester(
    'not similar to',
    [],
    'Whether the whole text does not match.',
    ["'hello' NOT SIMILAR TO 'h'", 'true'],
    (t: string, p: string) => !matchesWhole(t, p),
  ),
  {
    name: 'regexp_replace',
    doc: textDoc(
      'The text with its first match replaced, with the option g every one; \\1 is what the first group matched.',
      ['text', 'pattern', 'replacement', 'options'],
      ["regexp_replace('hello', 'l', 'L', 'g')", 'heLLo'],
      ["regexp_replace('hello', '(l+)', '<\\1>')", 'he<ll>o'],
    ),
    overloads: withOptions([UTF8, UTF8, UTF8], UTF8, replaceMatches),
  },
  {
    name: 'regexp_extract',
    doc: textDoc(
      'What the pattern, or one of its groups, first matches; empty when nothing does.',
      ['text', 'pattern', 'group', 'options'],
      ["regexp_extract('2024-05', '(\\d+)-(\\d+)', 2)", '05'],
    ),
    overloads: [rows('text', [UTF8, UTF8], UTF8, extract), ...withOptions([UTF8, UTF8, INT32], UTF8, extract, 'group')],
  },
  {
    name: 'regexp_extract_all',
    doc: textDoc(
      'Everything that the pattern, or one of its groups, matches.',
      ['text', 'pattern', 'group', 'options'],
      ["regexp_extract_all('a1b22', '\\d+')", '[1, 22]'],
    ),
    overloads: [
      rows('text', [UTF8, UTF8], list(UTF8), extractAll),
      ...withOptions([UTF8, UTF8, INT32], list(UTF8), extractAll, 'group'),
    ],
  },
  {
    name: 'regexp_split_to_array',
    aliases: ['string_split_regex', 'str_split_regex'],
    doc: textDoc('The parts of the text between matches.', OPTIONS, [
      "regexp_split_to_array('a1b22c', '\\d+')",
      '[a, b, c]',
    ]),
    overloads: withOptions([UTF8, UTF8], list(UTF8), split),
  },
  {
    name: 'regexp_count',
    doc: textDoc('Number of matches.', TEXTS, ["regexp_count('banana', 'an')", '2']),
    overloads: [rows('text', [UTF8, UTF8], INT64, (t: string, p: string) => BigInt(extractAll(t, p).length))],
  },
  {
    name: 'regexp_escape',
    doc: textDoc('A pattern that matches just the text.', ['text'], ["regexp_escape('a.b')", 'a\\.b']),
    overloads: [rows('text', [UTF8], UTF8, quoteMeta)],
  },
];

/** As RE2 has it: whatever is no word character, below the alphabets of others. */
function quoteMeta(text: string): string {
  return text.replace(/[^A-Za-z0-9_\u0080-\uffff]/g, c => (c === '\0' ? '\\x00' : `\\${c}`));
}
