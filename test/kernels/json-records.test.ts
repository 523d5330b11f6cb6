import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildVector } from '../../src/batch/builder.ts';
import { UTF8 } from '../../src/types/data-type.ts';
import { type TestContext, testContext } from '../support/engine.ts';

const STATE_BYTES = 32 + 1024 + 64 * 16 + 40;
/** Where the kernel keeps the places of four records that it reads at once. */
const LANES_AT = 32 + 1024 + 64 * 16;
const SLACK = 64;
const [MORE, DONE, BAD, TWICE] = [1, 2, 3, 4];
const [ARRAY, SKIP] = [1, 4];

/** What is found of a text: each record's place, and its wanted values as they are written, or undefined; why reading stopped. */
type Found = {
  readonly records: readonly { readonly at: number; readonly values: readonly (string | undefined)[] }[];
  readonly status: number;
  readonly at: number;
  readonly errorAt: number | undefined;
  /** Where the last four records ended that were read at once. */
  readonly sideBySide: readonly number[];
};

type Options = {
  readonly keys: readonly string[];
  /** Records of one call. */
  readonly most: number;
  readonly isFinal?: boolean;
  readonly flags?: number;
  /** What stands in the memory behind the text. */
  readonly behind?: string;
};

/** Reads all records of a text, a call after the other. */
function recordsOf(
  ctx: TestContext,
  text: string,
  { keys, most, isFinal = true, flags = 0, behind = '' }: Options,
): Found {
  const { kernels, memory, arena } = ctx;
  arena.reset();
  const bytes = Buffer.from(text);
  const window = arena.alloc(bytes.length + SLACK);
  memory.u8.set(Buffer.from(behind.padEnd(SLACK, '"')).subarray(0, SLACK), window + bytes.length);
  memory.u8.set(bytes, window);
  const state = arena.allocZeroed(STATE_BYTES);
  const names = buildVector(ctx, UTF8, keys).data;
  const starts = arena.alloc(4 * most + 4);
  const refs = arena.alloc(8 * most * Math.max(1, keys.length));
  const kinds = arena.alloc(most * Math.max(1, keys.length));
  memory.u8.fill(0xff, kinds, kinds + most * keys.length);
  const records = [];
  let at = window;
  for (;;) {
    const count = kernels.json_records(
      state,
      at,
      window + bytes.length,
      isFinal ? 1 : 0,
      names,
      keys.length,
      most,
      flags,
      starts,
      refs,
      kinds,
    );
    for (let r = 0; r < count; r++) {
      const values = keys.map((_, k) => {
        const place = k * most + r;
        if (memory.u8[kinds + place] === 0) return undefined;
        const [address, length] = memory.u32.subarray((refs >>> 2) + 2 * place, (refs >>> 2) + 2 * place + 2);
        return `${memory.u8[kinds + place]} ${Buffer.from(memory.u8.subarray(address!, address! + length!)).toString()}`;
      });
      records.push({ at: memory.u32[(starts >>> 2) + r]! - window, values });
    }
    const [stopped, status, errorAt] = memory.u32.subarray(state >>> 2, (state >>> 2) + 3);
    expect(memory.u32[(starts >>> 2) + count]).toBe(stopped);
    at = stopped!;
    if (count > 0) continue;
    const sideBySide = [...memory.u32.subarray((state + LANES_AT) >>> 2, ((state + LANES_AT) >>> 2) + 4)];
    return {
      records,
      status: status!,
      at: at - window,
      errorAt: status === BAD || status === TWICE ? errorAt! - window : undefined,
      sideBySide: sideBySide.map(place => place - window),
    };
  }
}

/** How a record is written: the text between its parts. */
type Style = { readonly colon: string; readonly comma: string; readonly open: string; readonly close: string };

const blanks = fc.constantFrom('', '', '', ' ', '  ', '\n  ', '\r\n', '\t');
const style: fc.Arbitrary<Style> = fc.oneof(
  fc.constant({ colon: ':', comma: ',', open: '{', close: '}' }),
  fc.constant({ colon: ': ', comma: ', ', open: '{', close: '}' }),
  fc.record({
    colon: fc.tuple(blanks, blanks).map(([a, b]) => `${a}:${b}`),
    comma: fc.tuple(blanks, blanks).map(([a, b]) => `${a},${b}`),
    open: blanks.map(b => `{${b}`),
    close: blanks.map(b => `${b}}`),
  }),
);
const names = ['a', 'bc', 'l_extendedprice', 'a key of more than two times sixteen', 'é"', 'k\\'];
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('', 'plain', 'a text longer than sixteen', 'q"q', '\\', 'line\nbreak', '{"a":1}', '}\u0000'),
);
const value = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  text,
  fc.constantFrom(null, true, false),
  fc.array(fc.oneof(fc.integer(), text), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'x'), text, { maxKeys: 2 }),
);
type Member = readonly [name: string, value: unknown];

const written = (members: readonly Member[], { colon, comma, open, close }: Style): string =>
  `${open}${members.map(([name, v]) => JSON.stringify(name) + colon + JSON.stringify(v)).join(comma)}${close}`;

const separator = fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n', ' \n', '');

/** Records that are mostly alike: the same names, mostly of the same kind of value, written the same way. */
const records = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
    kinds: fc.infiniteStream(fc.constantFrom(fc.integer(), text, text, value)),
    style,
    separator,
    oddity: fc.constantFrom(0, 0.02, 0.1, 0.5),
  })
  .chain(shape => {
    const kinds = shape.names.map(() => shape.kinds.next().value as fc.Arbitrary<unknown>);
    const usual = fc.tuple(...kinds).map(values => shape.names.map((name, i): Member => [name, values[i]]));
    const odd = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), value), { selector: ([name]) => name });
    const record = fc.tuple(usual, odd, style, separator, fc.double({ min: 0, max: 1, noNaN: true }));
    return fc.array(
      record.map(([members, others, otherStyle, otherEnd, p]) =>
        p >= shape.oddity
          ? { members, text: written(members, shape.style), end: shape.separator }
          : p < shape.oddity / 3
            ? { members: others, text: written(others, shape.style), end: shape.separator }
            : { members, text: written(members, otherStyle), end: otherEnd },
      ),
      { minLength: 1, maxLength: 40 },
    );
  });

const wanted = fc.subarray(names);
const textOf = (list: readonly { readonly text: string; readonly end: string }[]): string =>
  list.map(record => record.text + record.end).join('');

describe('json_records', () => {
  test('finds what JSON.parse finds', () => {
    const ctx = testContext();
    fc.assert(
      fc.property(records, wanted, fc.integer({ min: 1, max: 50 }), (list, keys, most) => {
        const found = recordsOf(ctx, textOf(list), { keys, most });
        expect(found.status).toBe(DONE);
        const values = found.records.map(r => r.values.map(v => v === undefined ? undefined : JSON.parse(v.slice(2)))); // biome-ignore format: short
        const expected = list.map(({ text }) => {
          const record = JSON.parse(text) as Record<string, unknown>;
          return keys.map(key => record[key]);
        });
        expect(values).toEqual(expected);
        let at = 0;
        const places = list.map(record => {
          const place = at;
          at += Buffer.byteLength(record.text + record.end);
          return place;
        });
        expect(found.records.map(r => r.at)).toEqual(places);
      }),
      { numRuns: 1000 },
    );
  });

  test('finds in many records at once, damaged or cut ones too, what it finds one by one', () => {
    const ctx = testContext();
    const damage = fc.record({
      at: fc.nat(),
      length: fc.integer({ min: 0, max: 3 }),
      text: fc.constantFrom(
        '',
        '"',
        '\\',
        '\n',
        '{',
        '}',
        ',',
        ':',
        '-',
        '0',
        'null',
        ' ',
        '\r',
        ',"a":1',
        '[',
        '\u0000',
      ),
    });
    const damages = fc.oneof(fc.constant([]), fc.array(damage, { maxLength: 2 }));
    const options = fc.record({
      keys: wanted,
      isFinal: fc.boolean(),
      flags: fc.constantFrom(0, 0, SKIP, ARRAY),
      cut: fc.option(fc.nat()),
    });
    fc.assert(
      fc.property(
        records,
        damages,
        options,
        fc.integer({ min: 4, max: 50 }),
        (list, changes, { cut, ...rest }, most) => {
          let whole = textOf(list);
          for (const change of changes) {
            const at = change.at % (whole.length + 1);
            whole = whole.slice(0, at) + change.text + whole.slice(at + change.length);
          }
          const length = cut === null ? whole.length : cut % (whole.length + 1);
          const [before, behind] = [whole.slice(0, length), whole.slice(length, length + SLACK)];
          const { sideBySide: _, ...found } = recordsOf(ctx, before, { ...rest, behind, most });
          const { sideBySide: __, ...expected } = recordsOf(ctx, before, { ...rest, behind, most: 1 });
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['numbers and texts', (i: number) => `{"a":${i - 5},"bc":"${'x'.repeat(i)}"}`],
    ['texts with escapes', (i: number) => `{"a":"${i % 2 === 0 ? '\\n' : 'n'}","bc":"\\\\"}`],
    ['words, objects and lists', (i: number) => `{"a":${i % 3 === 0 ? 'null' : i % 2 === 0},"bc":[{"a":"}${i}"}]}`],
    ['members that are not wanted', (i: number) => `{"other": "${i}", "a": ${i}, "bc": null}`],
    ['long names', (i: number) => `{"${'é'.repeat(40)}":${i},"bc":"${i}","a":${i}}`],
  ])('reads four lines at once: %s', (_, record) => {
    const ctx = testContext();
    for (const end of ['\n', '\r\n']) {
      const lines = Array.from({ length: 18 }, (_, i) => record(i) + end);
      const keys = ['a', 'bc'];
      const found = recordsOf(ctx, lines.join(''), { keys, most: 50 });
      const { sideBySide: __, ...expected } = recordsOf(ctx, lines.join(''), { keys, most: 1 });
      expect(found).toMatchObject(expected);
      // Two records show that they are alike; then come four times four.
      const braces = [14, 15, 16, 17].map(i => Buffer.byteLength(lines.slice(0, i + 1).join('')) - end.length - 1);
      expect(found.sideBySide).toEqual(braces);
    }
  });

  test('reads no lines at once whose members begin on another one', () => {
    const ctx = testContext();
    const lines = '{"a":1,\n"bc":2}\n'.repeat(20);
    const found = recordsOf(ctx, lines, { keys: ['bc'], most: 50 });
    expect(found.records.map(r => r.values)).toEqual(Array(20).fill(['2 2']));
    expect(new Set(found.sideBySide).size).toBe(1);
    // Neither after shorter ones.
    const mixed = `${lines.slice(0, 16)}{"a":1}\n${lines}`;
    expect(recordsOf(ctx, mixed, { keys: ['bc'], most: 50 }).sideBySide[0]).toBe(16 + 8 + 1);
  });

  test.each([
    ['numbers and texts', (i: number) => `{"a":${i},"bc":"${'x'.repeat(i)}"}`, '\n'],
    ['words and escapes', (i: number) => `{"bc": "\\${i}", "a": ${i % 2 === 0}}`, '\r\n'],
    ['long names', (i: number) => `{"a key that is longer than 32 bytes":"${i}","a":-${i}}`, '\n'],
  ])('finds in lines that are alike what it finds one by one, whatever is damaged: %s', (_, record, end) => {
    const ctx = testContext();
    const lines = Array.from({ length: 8 }, (_, i) => record(i) + end);
    const whole = lines.join('');
    const keys = ['a', 'bc', 'a key that is longer than 32 bytes'];
    const differ: string[] = [];
    let runs = 0;
    const compare = (text: string): void => {
      const options = { keys, flags: [0, SKIP, ARRAY][++runs % 3]!, isFinal: runs % 2 === 0 };
      const { sideBySide: _, ...found } = recordsOf(ctx, text, { ...options, most: 50 });
      const { sideBySide: __, ...expected } = recordsOf(ctx, text, { ...options, most: 1 });
      if (JSON.stringify(found) !== JSON.stringify(expected)) differ.push(text);
    };
    // In the first four lines that are read at once.
    const from = lines.slice(0, 2).join('').length;
    const to = lines.slice(0, 6).join('').length;
    for (let at = from; at <= to; at++) {
      compare(whole.slice(0, at));
      compare(whole.slice(0, at) + whole.slice(at + 1));
      for (const text of ['"', '\\', '\n', '\r', '{', '}', '}\n', ']', ',', ':', '-', '7', '.', 'e', ' ', '\u0000']) {
        compare(whole.slice(0, at) + text + whole.slice(at));
        compare(whole.slice(0, at) + text + whole.slice(at + 1));
      }
    }
    expect(differ).toEqual([]);
  });

  test('stops in a cut record, and goes on from there', () => {
    const ctx = testContext();
    const lines = '{"a":1,"bc":"x"}\n'.repeat(9);
    const found = recordsOf(ctx, lines.slice(0, -8), {
      keys: ['a'],
      most: 50,
      isFinal: false,
      behind: lines.slice(-8),
    });
    expect(found).toMatchObject({ status: MORE, at: lines.length - 17 });
    expect(found.records.length).toBe(8);
  });
});
