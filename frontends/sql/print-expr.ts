import { assertNever } from '../../src/common/errors.ts';
import type { CallExpr, Expr, FrameBound, SortKey, StarExpr, TypeRef, WindowSpec } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { typeRefText } from '../../src/query/type-ref-text.ts';
import { COLUMN_WORDS, quoteName, RESERVED } from './keywords.ts';
import { literalText, quoteText } from './literal.ts';
import { SPECIAL_CALLS } from './parse-special-call.ts';
import { INFIX, LEVEL } from './precedence.ts';

/** Looser than any operator: a lambda's body takes all that follows. */
const LAMBDA = LEVEL.lambda - 1;

/** Prints a query; handed in, so that expressions and queries form no cycle of files. */
export type PrintQuery = (q: Query) => string;

/** The levels of the operators, by the function's name: what the parser reads them back at. */
const INFIX_LEVELS: ReadonlyMap<string, number> = new Map([
  ...[...INFIX.values()]
    .filter(({ fn }) => !/^[a-z]+_/.test(fn) && fn !== 'xor')
    .map(({ fn, level }) => [fn, level] as const),
  ...(['not like', 'not ilike', 'similar to', 'not similar to'] as const).map(fn => [fn, LEVEL.like] as const),
  ...(['is distinct from', 'is not distinct from'] as const).map(fn => [fn, LEVEL.is] as const),
  ['or', LEVEL.or],
  ['and', LEVEL.and],
]);

const PREFIX: ReadonlyMap<string, readonly [text: string, level: number]> = new Map([
  ['not', ['NOT ', LEVEL.not]],
  ['negate', ['-', LEVEL.unary]],
  ['~', ['~', LEVEL.unary]],
  ['@', ['@', LEVEL.unary]],
]);

const POSTFIX: ReadonlySet<string> = new Set(
  ['null', 'true', 'false', 'unknown'].flatMap(test => [`is ${test}`, `is not ${test}`]),
);

/** Prints an expression for a place where operators looser than `level` need parentheses. */
export function exprText(e: Expr, printQuery: PrintQuery, level: number = LEVEL.lambda): string {
  return new ExprPrinter(printQuery).expr(e, level);
}

/** Prints the arguments of a table function; `a = 1` there would be an argument's name. */
export function tableArgumentsText(args: readonly Expr[], named: CallExpr['named'], printQuery: PrintQuery): string {
  const printer = new ExprPrinter(printQuery);
  const positional = args.map(arg => {
    const text = printer.argument(arg);
    return /^(?:\w+|"(?:[^"]|"")*") = /.test(text) ? `(${text})` : text;
  });
  return [...positional, ...printer.named(named)].join(', ');
}

/** Prints `(base PARTITION BY … ORDER BY … frame)`. */
export function windowText(w: WindowSpec, printQuery: PrintQuery): string {
  return new ExprPrinter(printQuery).window(w);
}

/** Prints one key of ORDER BY. */
export function sortKeyText(key: SortKey, printQuery: PrintQuery): string {
  return new ExprPrinter(printQuery).sortKey(key);
}

/** Prints a type or the name of a user's type. */
export const typeText = (type: TypeRef): string => typeRefText(type, quoteName);

/** A name with its qualifiers; after a dot any word may stand, but quotes do no harm. */
export const pathText = (path: readonly string[]): string => path.map(quoteName).join('.');

class ExprPrinter {
  private readonly printQuery: PrintQuery;

  constructor(printQuery: PrintQuery) {
    this.printQuery = printQuery;
  }

  /** The text of `e` where operators looser than `level` need parentheses. */
  expr(e: Expr, level: number): string {
    const [text, own] = this.print(e);
    return own < level ? `(${text})` : text;
  }

  private list(items: readonly Expr[]): string {
    return items.map(item => this.expr(item, LEVEL.lambda)).join(', ');
  }

  private print(e: Expr): readonly [text: string, level: number] {
    switch (e.kind) {
      case 'name':
        return [pathText(e.path), LEVEL.primary];
      case 'star':
        return [this.star(e), LEVEL.lambda];
      case 'columns':
        return [`COLUMNS(${this.argument(e.pattern)})`, LEVEL.primary];
      case 'literal': {
        const text = literalText(e.value);
        // `-1` before `::` or `[` would be read as the negation of what they give
        return [text, text.startsWith('-') ? LEVEL.unary : LEVEL.primary];
      }
      case 'parameter':
        return [`$${e.name}`, LEVEL.primary];
      case 'call':
        return this.call(e);
      case 'cast':
        return [
          `${e.try ? 'TRY_CAST' : 'CAST'}(${this.expr(e.input, LEVEL.lambda)} AS ${typeText(e.type)})`,
          LEVEL.primary,
        ];
      case 'case': {
        const operand = e.operand === undefined ? '' : ` ${this.expr(e.operand, LEVEL.lambda)}`;
        const branches = e.branches.map(
          b => ` WHEN ${this.expr(b.when, LEVEL.lambda)} THEN ${this.expr(b.result, LEVEL.lambda)}`,
        );
        const otherwise = e.otherwise === undefined ? '' : ` ELSE ${this.expr(e.otherwise, LEVEL.lambda)}`;
        return [`CASE${operand}${branches.join('')}${otherwise} END`, LEVEL.primary];
      }
      case 'between': {
        const [input, low, high] = [e.input, e.low, e.high].map((x, i) =>
          this.expr(x, i === 0 ? LEVEL.like : LEVEL.like + 1),
        );
        const between = `${e.negated ? 'NOT ' : ''}BETWEEN ${e.symmetric ? 'SYMMETRIC ' : ''}`;
        return [`${input} ${between}${low} AND ${high}`, LEVEL.like];
      }
      case 'in-list': {
        // A lone query in the list takes a comma, which tells it from IN (query).
        const comma = e.items.length === 1 && e.items[0]!.kind === 'scalar-query' ? ',' : '';
        return [`${this.in(e)} (${this.list(e.items)}${comma})`, LEVEL.like];
      }
      case 'in-query':
        return [`${this.in(e)} (${this.printQuery(e.query)})`, LEVEL.like];
      case 'exists':
        return [`EXISTS (${this.printQuery(e.query)})`, LEVEL.primary];
      case 'scalar-query':
        return [`(${this.printQuery(e.query)})`, LEVEL.primary];
      case 'quantified': {
        const level = INFIX_LEVELS.get(e.op) ?? LEVEL.comparison;
        return [
          `${this.expr(e.input, level)} ${e.op.toUpperCase()} ${e.quantifier.toUpperCase()} (${this.printQuery(e.query)})`,
          level,
        ];
      }
      case 'row':
        return [`ROW(${this.list(e.items)})`, LEVEL.primary];
      case 'struct':
        return [
          `{${e.fields.map(f => `${quoteText(f.name)}: ${this.expr(f.value, LEVEL.lambda)}`).join(', ')}}`,
          LEVEL.primary,
        ];
      case 'field': {
        // A name before the dot would be read as a qualifier.
        const input = this.expr(e.input, LEVEL.postfix);
        const isOpen = e.input.kind === 'name' || e.input.kind === 'literal' || input.startsWith('#');
        return [`${isOpen && !input.startsWith('(') ? `(${input})` : input}.${quoteName(e.name)}`, LEVEL.postfix];
      }
      case 'lambda':
        return [`lambda ${e.params.map(quoteName).join(', ')}: ${this.expr(e.body, LEVEL.lambda)}`, LAMBDA];
      case 'collate':
        return [
          `${this.expr(e.input, LEVEL.collate)} COLLATE ${e.collation.split('.').map(quoteName).join('.')}`,
          LEVEL.collate,
        ];
      default:
        return assertNever(e);
    }
  }

  private in(e: { readonly input: Expr; readonly negated: boolean }): string {
    return `${this.expr(e.input, LEVEL.like)} ${e.negated ? 'NOT ' : ''}IN`;
  }

  private star(e: StarExpr): string {
    const parts = [e.qualifier === undefined ? '*' : `${pathText(e.qualifier)}.*`];
    if (e.exclude !== undefined) parts.push(`EXCLUDE (${e.exclude.map(pathText).join(', ')})`);
    if (e.replace !== undefined)
      parts.push(
        `REPLACE (${e.replace.map(r => `${this.expr(r.value, LEVEL.lambda)} AS ${quoteName(r.name)}`).join(', ')})`,
      );
    if (e.rename !== undefined)
      parts.push(`RENAME (${e.rename.map(r => `${quoteName(r.from)} AS ${quoteName(r.to)}`).join(', ')})`);
    return parts.join(' ');
  }

  private call(e: CallExpr): readonly [text: string, level: number] {
    return (isPlain(e) ? this.operator(e.fn, e.args) : undefined) ?? [this.functionCall(e), LEVEL.primary];
  }

  private operator(fn: string, args: readonly Expr[]): readonly [text: string, level: number] | undefined {
    const [first, second] = args;
    if (fn === 'default' && first === undefined) return ['DEFAULT', LEVEL.primary];
    if (first === undefined) return undefined;
    if (second === undefined) {
      const prefix = PREFIX.get(fn);
      if (prefix !== undefined) return this.prefix(prefix, first);
      if (POSTFIX.has(fn)) return [`${this.expr(first, LEVEL.is)} ${fn.toUpperCase()}`, LEVEL.is];
      if (fn === '#' && first.kind === 'literal' && first.value.type.kind === 'int')
        return [`#${String(first.value.value)}`, LEVEL.primary];
      return undefined;
    }
    const level = INFIX_LEVELS.get(fn);
    if (level === undefined || args.length !== 2) return undefined;
    // Other databases read no chain of comparisons.
    const isComparison = level === LEVEL.comparison || level === LEVEL.is;
    const left = this.expr(first, isComparison ? level + 1 : level);
    return [`${left} ${fn.toUpperCase()} ${this.expr(second, level + 1)}`, level];
  }

  private prefix([text, level]: readonly [string, number], operand: Expr): readonly [text: string, level: number] {
    const inner = this.expr(operand, level);
    // `-1` is a constant, `--` starts a comment, `~~` and `@@` are operators.
    const clashes = text === '-' ? /^[-\d.]/.test(inner) : /^[~@]/.test(inner);
    return [clashes ? `${text}(${inner})` : text + inner, level];
  }

  private functionCall(e: CallExpr): string {
    const named = this.named(e.named);
    const isCountStar = e.args.length === 0 && e.fn === 'count' && isPlainArguments(e) && e.nulls === undefined;
    const args = isCountStar ? ['*'] : [...e.args.map(arg => this.argument(arg)), ...named];
    const inner = [(e.distinct ? 'DISTINCT ' : '') + args.join(', ')];
    if (e.orderBy !== undefined && !e.withinGroup) inner.push(`ORDER BY ${this.sortKeys(e.orderBy)}`);
    // Behind the arguments, DuckDB would not read it.
    if (e.nulls !== undefined) inner.push(`${e.nulls.toUpperCase()} NULLS`);
    const name = e.qualifier === undefined ? functionName(e) : `${pathText(e.qualifier)}.${quoteFunction(e.fn)}`;
    const parts = [`${name}(${inner.join(' ').trim()})`];
    if (e.withinGroup) parts.push(`WITHIN GROUP (ORDER BY ${this.sortKeys(e.orderBy ?? [])})`);
    if (e.filter !== undefined) parts.push(`FILTER (WHERE ${this.expr(e.filter, LEVEL.lambda)})`);
    if (typeof e.over === 'string') parts.push(`OVER ${quoteName(e.over)}`);
    else if (e.over !== undefined) parts.push(`OVER ${this.window(e.over)}`);
    return parts.join(' ');
  }

  /** An argument; a lambda stands bare, JSON's `x -> …` needs parentheses so as not to be one. */
  argument(e: Expr): string {
    const text = this.expr(e, LAMBDA);
    return /^(?:\w+|"(?:[^"]|"")*") -> /.test(text) ? `(${text})` : text;
  }

  named(named: CallExpr['named']): string[] {
    return Object.entries(named ?? {}).map(([name, value]) => `${quoteName(name)} := ${this.argument(value)}`);
  }

  private sortKeys(keys: readonly SortKey[]): string {
    return keys.map(key => this.sortKey(key)).join(', ');
  }

  sortKey({ expr, direction, nulls }: SortKey): string {
    const isAll = expr.kind === 'star' && expr.qualifier === undefined;
    const parts = [isAll ? 'ALL' : this.expr(expr, LEVEL.lambda)];
    if (direction !== undefined) parts.push(direction.toUpperCase());
    if (nulls !== undefined) parts.push(`NULLS ${nulls.toUpperCase()}`);
    return parts.join(' ');
  }

  window({ base, partitionBy, orderBy, frame }: WindowSpec): string {
    const parts: string[] = [];
    if (base !== undefined) parts.push(`"${base.replaceAll('"', '""')}"`); // bare, ROWS or PARTITION would be clauses
    if (partitionBy !== undefined) parts.push(`PARTITION BY ${this.list(partitionBy)}`);
    if (orderBy !== undefined) parts.push(`ORDER BY ${this.sortKeys(orderBy)}`);
    if (frame !== undefined) {
      parts.push(`${frame.unit.toUpperCase()} BETWEEN ${this.bound(frame.start)} AND ${this.bound(frame.end)}`);
      if (frame.exclude !== undefined) parts.push(`EXCLUDE ${frame.exclude.replace('-', ' ').toUpperCase()}`);
    }
    return `(${parts.join(' ')})`;
  }

  private bound(b: FrameBound): string {
    return 'offset' in b
      ? `${this.expr(b.offset, LEVEL.lambda)} ${b.kind.toUpperCase()}`
      : b.kind.replace('-', ' ').toUpperCase();
  }
}

/** Whether the call has nothing but arguments, as operators do. */
function isPlain(e: CallExpr): boolean {
  return ![e.qualifier, e.named, e.distinct, e.orderBy, e.filter, e.nulls, e.over].some(part => part !== undefined);
}

function isPlainArguments(e: CallExpr): boolean {
  return e.named === undefined && !e.distinct && e.orderBy === undefined;
}

/** A function's name where special syntax might claim it. */
function functionName(e: CallExpr): string {
  const isPlainCall = PLAIN_SPECIALS.has(e.fn) && isPlain(e) && e.args.length > 0;
  return e.fn in SPECIAL_CALLS && !isPlainCall ? `"${e.fn}"` : quoteFunction(e.fn);
}

/** Specials whose plain call is read back as itself. */
const PLAIN_SPECIALS: ReadonlySet<string> = new Set(['substring', 'trim', 'overlay', 'struct']);
/** Words of special syntax that are ordinary calls to the parser. */
const CALLABLE: ReadonlySet<string> = new Set([
  'coalesce',
  'nullif',
  'grouping',
  'map',
  'time',
  'timestamp',
  'char',
  ...PLAIN_SPECIALS,
]);
/** Words that GROUP BY would take for its own. */
const GROUPINGS: ReadonlySet<string> = new Set(['rollup', 'cube']);

/** Bare names are read in lower case; any word may stand before '(' that is not reserved. */
function quoteFunction(fn: string): string {
  const isBare = /^[a-z_][a-z0-9_$]*$/.test(fn) && !RESERVED.has(fn) && !GROUPINGS.has(fn);
  return isBare && (!COLUMN_WORDS.has(fn) || CALLABLE.has(fn)) ? fn : `"${fn.replaceAll('"', '""')}"`;
}
