import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonReaders } from '../../../src/functions/scalar/json-read.ts';
import { type DataType, UTF8 } from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { runScalar } from '../run-scalar.ts';

/** A value with the text that it is found as and the one that it is written as. */
type Scalar = { readonly kind: string; readonly found: string; readonly written: string };
type Value =
  | Scalar
  | { readonly kind: 'ARRAY'; readonly items: readonly Value[]; readonly blank: string }
  | { readonly kind: 'OBJECT'; readonly members: readonly (readonly [Key, Value])[]; readonly blank: string };
type Key = { readonly name: string; readonly found: string };

const scalar = (kind: string, found: string, written = found): Scalar => ({ kind, found, written });
const NUMBERS = [
  scalar('UBIGINT', '0'),
  scalar('BIGINT', '-0', '0'),
  scalar('UBIGINT', '18446744073709551615'),
  scalar('BIGINT', '-9223372036854775808'),
  scalar('DOUBLE', '1.50', '1.5'),
  scalar('DOUBLE', '1e2', '100.0'),
  scalar('DOUBLE', '1E400'),
  scalar('DOUBLE', '-0.0'),
  scalar('DOUBLE', '0.00000012', '1.2e-7'),
  scalar('DOUBLE', '123456789012345678.5', '123456789012345680.0'),
];
const WORDS = [scalar('NULL', 'null'), scalar('BOOLEAN', 'true'), scalar('BOOLEAN', 'false')];

/** A text as JSON, some of its characters as escapes that it does not need. */
const escaped = (text: string, all: boolean): string =>
  all
    ? `"${[...text].map(c => [...Array(c.length).keys()].map(i => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')).join('')}"`
    : JSON.stringify(text);

const words = fc.oneof(
  fc.constantFrom('', 'a', 'b', '0', '1', 'a b', 'é🦆', '"', '\\', ']}', 'tab\t', 'a'.repeat(40)),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const texts = fc.tuple(words, fc.boolean()).map(([t, all]) => scalar('VARCHAR', escaped(t, all), JSON.stringify(t)));
const keys: fc.Arbitrary<Key> = fc
  .tuple(words, fc.boolean())
  .map(([name, all]) => ({ name, found: escaped(name, all) }));
const integers = fc.maxSafeInteger().map(n => scalar(n < 0 ? 'BIGINT' : 'UBIGINT', String(n + 0)));
const eighths = fc.integer({ min: -1e6, max: 1e6 }).map(n => {
  const text = String(n / 8);
  return scalar('DOUBLE', /\./.test(text) ? text : `${text}.0`);
});
const blanks = fc.constantFrom('', '', ' ', '\n\t', '  \r\n ');

const { value: values } = fc.letrec<{ value: Value }>(tie => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(...WORDS, ...NUMBERS),
    integers,
    eighths,
    texts,
    fc.record({ kind: fc.constant('ARRAY' as const), items: fc.array(tie('value'), { maxLength: 5 }), blank: blanks }),
    fc.record({
      kind: fc.constant('OBJECT' as const),
      members: fc.array(fc.tuple(keys, tie('value')), { maxLength: 5 }),
      blank: blanks,
    }),
  ),
}));

/** The document as it is found. */
function found(v: Value): string {
  if ('items' in v) return `[${v.blank}${v.items.map(found).join(`${v.blank},${v.blank}`)}${v.blank}]`;
  if ('members' in v)
    return `{${v.blank}${v.members.map(([k, x]) => `${k.found}${v.blank}:${v.blank}${found(x)}`).join(`,${v.blank}`)}${v.blank}}`;
  return v.found;
}

function written(v: Value): string {
  if ('items' in v) return `[${v.items.map(written).join(',')}]`;
  if ('members' in v) return `{${v.members.map(([k, x]) => `${JSON.stringify(k.name)}:${written(x)}`).join(',')}}`;
  return v.written;
}

const asText = (v: Value | undefined): string | null =>
  v === undefined || v.kind === 'NULL' ? null : v.kind === 'VARCHAR' ? (JSON.parse(written(v)) as string) : written(v);

type Step = { readonly key: string } | { readonly index: number };

/** The value that a path leads to, by the rules that the documentation has. */
function at(v: Value | undefined, [step, ...rest]: readonly Step[]): Value | undefined {
  if (v === undefined || step === undefined) return v;
  if ('key' in step) return 'members' in v ? at(v.members.find(m => m[0].name === step.key)?.[1], rest) : undefined;
  return 'items' in v ? at(v.items.at(step.index), rest) : undefined;
}

const pathText = (steps: readonly Step[]): string =>
  `$${steps.map(s => ('key' in s ? `."${s.key.replace(/["\\]/g, '\\$&')}"` : `[${s.index}]`)).join('')}`;

/** A way down a document, which may lead astray: numbers choose a child, a member's name or an element's place. */
function pathIn(v: Value, choices: readonly number[]): readonly Step[] {
  const [choice, ...rest] = choices;
  if (choice === undefined) return [];
  if ('items' in v) {
    const index = (choice % (v.items.length + 2)) - 1;
    const child = v.items.at(index);
    return [{ index }, ...(child === undefined ? [] : pathIn(child, rest))];
  }
  if ('members' in v) {
    const member = v.members[choice % (v.members.length + 1)];
    const child = member && v.members.find(m => m[0].name === member[0].name)![1];
    return [{ key: member?.[0].name ?? 'nowhere' }, ...(child === undefined ? [] : pathIn(child, rest))];
  }
  return choice % 4 === 0 ? [{ key: 'a' }] : choice % 4 === 1 ? [{ index: 0 }] : [];
}

const EXPECTED: Readonly<Record<string, (v: Value | undefined) => RawValue>> = {
  json_extract: v => (v === undefined ? null : written(v)),
  json_extract_string: asText,
  json_type: v => v?.kind ?? null,
  json_exists: v => v !== undefined,
  json_array_length: v => (v === undefined ? null : 'items' in v ? BigInt(v.items.length) : 0n),
};
const readers = Object.entries(EXPECTED).map(([name, expected]) => ({
  fn: jsonReaders.find(f => f.name === name)!,
  expected,
}));

const column = (values: readonly RawValue[], type: DataType = UTF8) => ({ type, values });
const documents = fc.array(fc.tuple(values, blanks), { minLength: 1, maxLength: 6 });

test('one path in many documents leads where a walk over their values does', () => {
  fc.assert(
    fc.property(documents, fc.array(fc.nat(7), { maxLength: 5 }), fc.nat(5), (docs, choices, pick) => {
      const steps = pathIn(docs[pick % docs.length]![0], choices);
      const json = column(docs.map(([v, blank]) => blank + found(v) + blank));
      const path = { type: UTF8, constant: pathText(steps) };
      for (const { fn, expected } of readers) {
        const answers = runScalar(fn, { args: [json, path], count: docs.length });
        expect([fn.name, answers]).toEqual([fn.name, docs.map(([v]) => expected(at(v, steps)))]);
      }
    }),
    { numRuns: 400 },
  );
});

test('paths of rows of their own lead there as well', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(values, fc.array(fc.nat(7), { maxLength: 5 })), { minLength: 1, maxLength: 5 }),
      rows => {
        const paths = rows.map(([v, choices]) => pathIn(v, choices));
        const args = [column(rows.map(([v]) => found(v))), column(paths.map(pathText))];
        for (const { fn, expected } of readers) {
          const answers = runScalar(fn, { args, count: rows.length });
          expect([fn.name, answers]).toEqual([fn.name, rows.map(([v], i) => expected(at(v, paths[i]!)))]);
        }
      },
    ),
    { numRuns: 150 },
  );
});

/** Commas before the end of an array or object are allowed, as in DuckDB. */
const withoutLastCommas = (text: string): string =>
  text.replace(/("(?:[^"\\]|\\.)*")|(?<![[{,:]\s*),(?=\s*[\]}])/g, (_, quoted?: string) => quoted ?? '');

test('a text with a character too many or too few is read as JavaScript reads it', () => {
  const damaged = fc
    .tuple(values, fc.nat(), fc.constantFrom('', '"', '\\', ',', ':', '[', '}', '0', '-', '.', 'e', ' ', '\u0001', 'n'))
    .map(([v, place, char]) => {
      const text = found(v);
      const i = place % (text.length + 1);
      const changed = char === '' ? text.slice(0, i) + text.slice(i + 1) : text.slice(0, i) + char + text.slice(i);
      // Texts are UTF-8, which has no halves of pairs.
      return changed.replace(/\p{Surrogate}/gu, '\uFFFD');
    });
  const extract = readers[0]!.fn;
  fc.assert(
    fc.property(damaged, text => {
      let isJson = true;
      try {
        JSON.parse(withoutLastCommas(text));
        // All of them: of two members with one key, a value is made of the last.
        for (const [quoted] of text.matchAll(/"(?:[^"\\]|\\.)*"/g))
          if (/\p{Surrogate}/u.test(JSON.parse(quoted) as string)) throw new SyntaxError('half of a pair');
      } catch {
        isJson = false;
      }
      const run = (): unknown =>
        runScalar(extract, { args: [column([text]), { type: UTF8, constant: '$' }], count: 1 });
      if (isJson) expect(run()).toHaveLength(1);
      else expect(run).toThrow('Malformed JSON');
    }),
    { numRuns: 600 },
  );
});
