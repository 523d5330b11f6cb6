import type { CallExpr, Expr } from '../../query/expr.ts';
import { JSON_TYPE, TIMESTAMP, UTF8 } from '../../types/data-type.ts';
import { columnName } from './column-name.ts';

type Call = Expr & CallExpr;

/** Functions that are other calls: `geomean(x)` is `exp(avg(ln(x)))`. FILTER, ORDER BY, OVER go to the aggregates in it. */
const MACROS: Readonly<
  Record<string, { readonly args: number | readonly number[]; readonly expand: (call: Call) => Expr | undefined }>
> = {
  geomean: { args: 1, expand: c => plain(c, 'exp', [inner(c, 'avg', [plain(c, 'ln', [c.args[0]!])])]) },
  weighted_avg: {
    args: 2,
    expand: c => {
      const [value, weight] = c.args as readonly [Expr, Expr];
      const counted: Expr = {
        kind: 'case',
        operand: undefined,
        branches: [{ when: plain(c, 'is not null', [value]), result: weight }],
        otherwise: undefined,
      };
      return plain(c, '/', [inner(c, 'sum', [plain(c, '*', [value, weight])]), inner(c, 'sum', [counted])]);
    },
  },
  json_group_array: { args: 1, expand: c => plain(c, 'to_json', [inner(c, 'list', c.args)]) },
  json_group_object: {
    args: 2,
    expand: c => {
      const [key, value] = c.args as readonly [Expr, Expr];
      const written = plain(c, 'coalesce', [cast(plain(c, 'to_json', [value]), UTF8), text('null')]);
      const member = plain(c, '||', [
        cast(plain(c, 'to_json', [cast(key, UTF8)]), UTF8),
        plain(c, '||', [text(':'), written]),
      ]);
      const members = inner(c, 'string_agg', [member, text(',')]);
      return cast(plain(c, '||', [plain(c, '||', [text('{'), members]), text('}')]), JSON_TYPE);
    },
  },
  json_group_structure: {
    args: 1,
    expand: c =>
      plain(c, 'json_extract', [
        plain(c, 'json_structure', [plain(c, 'to_json', [inner(c, 'list', [cast(c.args[0]!, JSON_TYPE)])])]),
        number(0),
      ]),
  },
  age: { args: 1, expand: c => plain(c, 'age', [cast(plain(c, 'current_date', []), TIMESTAMP), c.args[0]!]) },
  date_part: { args: 2, expand: parts },
  alias: { args: 1, expand: c => text(columnName(c.args[0]!)) },
  switch: { args: [1, 2, 3], expand: cases },
  assert_true: {
    args: [1, 2],
    expand: c => {
      const [condition, message] = c.args as readonly [Expr, Expr | undefined];
      const told = message && plain(c, '||', [text('Assertion: '), message]);
      const otherwise = plain(c, 'error', [
        told === undefined ? text('Assertion failed') : plain(c, 'coalesce', [told, text('Assertion failed')]),
      ]);
      return { kind: 'case', operand: undefined, branches: [{ when: condition, result: NULL_TEXT }], otherwise };
    },
  },
  generate_subscripts: {
    args: 2,
    expand: c => plain(c, 'unnest', [plain(c, 'generate_series', [number(1), plain(c, 'array_length', c.args)])]),
  },
  is_true: { args: 1, expand: c => plain(c, 'is true', c.args) },
  is_not_true: { args: 1, expand: c => plain(c, 'is not true', c.args) },
  is_false: { args: 1, expand: c => plain(c, 'is false', c.args) },
  is_not_false: { args: 1, expand: c => plain(c, 'is not false', c.args) },
  subtract: { args: 1, expand: c => plain(c, 'negate', c.args) },
  ago: { args: 1, expand: c => plain(c, '-', [plain(c, 'now', []), c.args[0]!]) },
};

const ALIASES: Readonly<Record<string, string>> = {
  geometric_mean: 'geomean',
  wavg: 'weighted_avg',
  datepart: 'date_part',
};

/** What a call of such a function stands for; undefined for other calls. */
export function builtinMacro(call: Call): Expr | undefined {
  const fn = call.fn.toLowerCase();
  const name = Object.hasOwn(ALIASES, fn) ? ALIASES[fn]! : fn;
  if (!Object.hasOwn(MACROS, name)) return undefined;
  const { args, expand } = MACROS[name]!;
  return [args].flat().includes(call.args.length) ? expand(call) : undefined;
}

/** Several parts at once: a struct of them. */
function parts(c: Call): Expr | undefined {
  const [units, value] = c.args as readonly [Expr, Expr];
  if (units.kind !== 'call' || units.fn !== 'list_value' || units.args.length === 0) return undefined;
  const names = units.args.map(unit =>
    unit.kind === 'literal' && unit.value.type.kind === 'utf8' ? unit.value.value : undefined,
  );
  if (names.includes(undefined)) return undefined;
  const named = Object.fromEntries(
    units.args.map((unit, i) => [String(names[i]), plain(c, 'date_part', [unit, value])]),
  );
  return { kind: 'call', fn: 'struct_pack', args: [], named, span: c.span };
}

/** `switch(key, MAP {…}, otherwise)`: a CASE; without a key, the map's keys are conditions. */
function cases(c: Call): Expr | undefined {
  const at = c.args.findIndex(a => a.kind === 'call' && a.fn === 'map');
  const map = c.args[at];
  if (map?.kind !== 'call' || at > 1 || c.args.length > at + 2) return undefined;
  const [keys, results] = map.args;
  if (keys?.kind !== 'call' || results?.kind !== 'call' || keys.args.length === 0) return undefined;
  const branches = keys.args.map((when, i) => ({ when, result: results.args[i]! }));
  return { kind: 'case', operand: at === 1 ? c.args[0] : undefined, branches, otherwise: c.args[at + 1] };
}

const plain = ({ span }: Call, fn: string, args: readonly Expr[]): Expr => ({ kind: 'call', fn, args, span });
const inner = (call: Call, fn: string, args: readonly Expr[]): Expr => ({ ...call, fn, args });
const cast = (input: Expr, type: typeof UTF8): Expr => ({ kind: 'cast', input, type, try: false });
const text = (value: string): Expr => ({ kind: 'literal', value: { type: UTF8, value } });
const NULL_TEXT: Expr = { kind: 'literal', value: { type: UTF8, value: null } };
const number = (value: number): Expr => ({
  kind: 'literal',
  value: { type: { kind: 'int', bits: 32, signed: true }, value },
});
