import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatFunctions } from '../../../src/functions/scalar/concat.ts';
import { likeFunctions } from '../../../src/functions/scalar/like.ts';
import { replace } from '../../../src/functions/scalar/replace.ts';
import { caseFunctions } from '../../../src/functions/scalar/text-case.ts';
import { lengthFunctions } from '../../../src/functions/scalar/text-length.ts';
import { partFunctions } from '../../../src/functions/scalar/text-parts.ts';
import { searchFunctions } from '../../../src/functions/scalar/text-search.ts';
import { type DataType, INT64, UTF8 } from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { type Argument, runScalar } from '../run-scalar.ts';

const functions = [
  ...caseFunctions,
  ...concatFunctions,
  ...lengthFunctions,
  ...likeFunctions,
  ...partFunctions,
  replace,
  ...searchFunctions,
];
const fn = (name: string) => functions.find(f => f.name === name)!;

// Few letters, so that parts are found; long enough for the SIMD loops; characters of 1 to 4 bytes.
const char = fc.constantFrom('a', 'b', 'a', 'b', 'é', '€', '😀', ' ');
const text = fc.oneof(
  fc.array(char, { maxLength: 8 }).map(c => c.join('')),
  fc.array(fc.constantFrom('a', 'b'), { minLength: 20, maxLength: 60 }).map(c => c.join('')),
);
const part = fc.array(char, { maxLength: 3 }).map(c => c.join(''));
const number = fc.integer({ min: -9, max: 9 }).map(BigInt);

type Input = { readonly type: DataType; readonly value: fc.Arbitrary<RawValue> };
const texts: Input = { type: UTF8, value: text };
const parts: Input = { type: UTF8, value: part };
const numbers: Input = { type: INT64, value: number };

/** Checks a function that propagates NULL against a plain one, over columns, constants and selections. */
function agrees(
  name: string,
  inputs: readonly Input[],
  oracle: (...args: never[]) => RawValue,
  handlesNulls = false,
): void {
  const column = ({ type, value }: Input): fc.Arbitrary<Argument> => {
    const nullable = fc.option(value, { freq: 6 });
    return fc.oneof(
      fc.array(nullable, { minLength: 12, maxLength: 12 }).map(values => ({ type, values })),
      nullable.map(constant => ({ type, constant })),
    );
  };
  const all = fc.tuple(...inputs.map(column));
  const rows = fc.subarray([...Array(12).keys()]);
  fc.assert(
    fc.property(all, fc.option(rows), (args, chosen) => {
      const positions = chosen ?? [...Array(12).keys()];
      const run = { args, count: 12 };
      const found = runScalar(fn(name), chosen === null ? run : { ...run, positions });
      const expected = positions.map(i => {
        const row = args.map(a => ('constant' in a ? a.constant : a.values[i]!));
        return !handlesNulls && row.includes(null) ? null : oracle(...(row as never[]));
      });
      expect(found).toEqual(expected);
    }),
    { numRuns: 150 },
  );
}

const regex = (pattern: string, escapeChar = ''): RegExp => {
  let source = '';
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const isEscaped = escapeChar !== '' && chars[i] === escapeChar;
    const c = isEscaped ? chars[++i] : chars[i];
    if (c === undefined) throw new Error('ends with escape');
    source += !isEscaped && c === '%' ? '.*' : !isEscaped && c === '_' ? '.' : c.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
  }
  return new RegExp(`^(?:${source})$`, 'su');
};

describe('like', () => {
  const pattern = fc.array(fc.oneof(char, fc.constantFrom('%', '%', '_', 'ab')), { maxLength: 7 }).map(c => c.join(''));
  const simple = fc.array(fc.constantFrom('%', 'a', 'ab', 'é', '%', 'ba'), { maxLength: 6 }).map(c => c.join(''));
  it('matches % and _', () => {
    agrees('like', [texts, { type: UTF8, value: pattern }], (t: string, p: string) => regex(p).test(t));
    agrees('not like', [texts, { type: UTF8, value: pattern }], (t: string, p: string) => !regex(p).test(t));
  });
  it('matches the simple shapes', () => {
    agrees('like', [texts, { type: UTF8, value: simple }], (t: string, p: string) => regex(p).test(t));
    agrees('not like', [texts, { type: UTF8, value: simple }], (t: string, p: string) => !regex(p).test(t));
  });
  it('escapes', () => {
    const escaped = fc
      .array(fc.constantFrom('%', '_', 'a', '!%', '!_', '!!', 'b', '!a'), { maxLength: 6 })
      .map(c => c.join(''));
    const target = fc.array(fc.constantFrom('%', '_', 'a', 'b', '!'), { maxLength: 6 }).map(c => c.join(''));
    const inputs = [
      { type: UTF8, value: target },
      { type: UTF8, value: escaped },
      { type: UTF8, value: fc.constant('!') },
    ];
    agrees('like', inputs, (t: string, p: string, e: string) => regex(p, e).test(t));
  });
  it('ignores case', () => {
    const mixed = {
      type: UTF8,
      value: fc.array(fc.constantFrom('a', 'A', 'é', 'É', 'b'), { maxLength: 6 }).map(c => c.join('')),
    };
    agrees('ilike', [mixed, { type: UTF8, value: fc.constantFrom('A%', '%é%', '_B%', 'aÉ') }], (t: string, p: string) =>
      regex(p.toLowerCase()).test(t.toLowerCase()),
    );
  });
  it('refuses a bad escape', () => {
    const like = (p: string, e: string): unknown =>
      runScalar(fn('like'), {
        args: [
          { type: UTF8, values: ['ab'] },
          { type: UTF8, constant: p },
          { type: UTF8, constant: e },
        ],
        count: 1,
      });
    expect(() => like('ab!', '!')).toThrow(/ends with its escape/);
    expect(() => like('ab', '!!')).toThrow(/one character/);
    expect(like('ab', '')).toEqual([true]);
  });
});

describe('searching', () => {
  it('tests starts, ends and parts', () => {
    agrees('starts_with', [texts, parts], (t: string, p: string) => t.startsWith(p));
    agrees('ends_with', [texts, parts], (t: string, p: string) => t.endsWith(p));
    agrees('contains', [texts, parts], (t: string, p: string) => t.includes(p));
  });
  it('finds positions in characters', () => {
    agrees('strpos', [texts, parts], (t: string, p: string) =>
      BigInt(t.includes(p) ? [...t.slice(0, t.indexOf(p))].length + 1 : 0),
    );
  });
});

describe('lengths', () => {
  it('count characters, bytes and bits', () => {
    agrees('length', [texts], (t: string) => BigInt([...t].length));
    agrees('strlen', [texts], (t: string) => BigInt(Buffer.byteLength(t)));
    agrees('octet_length', [texts], (t: string) => BigInt(Buffer.byteLength(t)));
    agrees('bit_length', [texts], (t: string) => BigInt(Buffer.byteLength(t) * 8));
  });
});

describe('parts of texts', () => {
  const window = (t: string, from: number, to: number): string =>
    [...t].slice(Math.max(0, from), Math.max(0, to)).join('');
  it('substring takes a window that may stand over the ends', () => {
    agrees('substring', [texts, numbers, numbers], (t: string, s: bigint, l: bigint) => {
      const start = s < 0n ? [...t].length + Number(s) : Number(s) - 1;
      const end = start + Number(l);
      return window(t, Math.min(start, end), Math.max(start, end));
    });
    agrees('substring', [texts, numbers], (t: string, s: bigint) =>
      window(t, s < 0n ? [...t].length + Number(s) : Number(s) - 1, 99),
    );
  });
  it('takes extreme numbers', () => {
    const run = (...numbers: bigint[]): unknown =>
      runScalar(fn('substring'), {
        args: [{ type: UTF8, values: ['hello'] }, ...numbers.map(constant => ({ type: INT64, constant }))],
        count: 1,
      });
    expect(run(2n, 2n ** 63n - 1n)).toEqual(['ello']);
    expect(run(2n ** 63n - 1n, 2n)).toEqual(['']);
    expect(run(3n, -(2n ** 63n))).toEqual(['he']);
  });
  it('left and right count from an end', () => {
    agrees('left', [texts, numbers], (t: string, n: bigint) =>
      window(t, 0, n < 0n ? [...t].length + Number(n) : Number(n)),
    );
    agrees('right', [texts, numbers], (t: string, n: bigint) => {
      const length = [...t].length;
      return window(t, n < 0n ? -Number(n) : length - Number(n), length);
    });
  });
  it('trims blanks or characters', () => {
    const strip = (t: string, set: string, left: boolean, right: boolean): string => {
      const chars = [...t];
      while (left && chars.length > 0 && [...set].includes(chars[0]!)) chars.shift();
      while (right && chars.length > 0 && [...set].includes(chars.at(-1)!)) chars.pop();
      return chars.join('');
    };
    agrees('trim', [texts], (t: string) => strip(t, ' ', true, true));
    agrees('trim', [texts, parts], (t: string, p: string) => strip(t, p, true, true));
    agrees('ltrim', [texts, parts], (t: string, p: string) => strip(t, p, true, false));
    agrees('rtrim', [texts, parts], (t: string, p: string) => strip(t, p, false, true));
  });
  it('splits', () => {
    agrees('split_part', [texts, parts, numbers], (t: string, p: string, n: bigint) => {
      const all = p === '' ? [...t] : t.split(p);
      return all.at(n > 0n ? Number(n) - 1 : n === 0n ? all.length : Number(n)) ?? '';
    });
  });
});

describe('new texts', () => {
  it('changes case', () => {
    const letters = {
      type: UTF8,
      value: fc
        .array(fc.constantFrom('a', 'Z', 'é', 'Σ', 'ß', '@', '[', 'z', 'A', '{', '`', 'abcdefghijklmnopqrstuvwXYZ'))
        .map(c => c.join('')),
    };
    const map = (t: string, f: (c: string) => string): string => [...t].map(f).join('');
    agrees('lower', [letters], (t: string) => map(t, c => c.toLowerCase()));
    agrees('upper', [letters], (t: string) => map(t, c => (c === 'ß' ? 'ẞ' : c.toUpperCase())));
    expect(runScalar(fn('lower'), { args: [{ type: UTF8, values: ['İSTANBUL ΑΣ'] }], count: 1 })).toEqual([
      'istanbul ασ',
    ]);
  });
  it('concatenates', () => {
    agrees('||', [texts, parts], (a: string, b: string) => a + b);
    agrees('concat', [texts, parts, parts], (...all: (string | null)[]) => all.filter(t => t !== null).join(''), true);
    agrees(
      'concat_ws',
      [parts, texts, parts, parts],
      (by: string | null, ...all: (string | null)[]) => (by === null ? null : all.filter(t => t !== null).join(by)),
      true,
    );
  });
  it('replaces', () => {
    agrees('replace', [texts, parts, parts], (t: string, a: string, b: string) =>
      a === '' ? t : t.replaceAll(a, () => b),
    );
  });
});
