import { COMMON_FORMS, EXPRESSION_FORMS, FAILING_FORMS, ORDERED_FORMS } from './expression-forms.ts';
import type { Random } from './random.ts';
import { randomLiteral, randomType, SQL_TYPES, TYPES, type Type } from './types.ts';

/** A column that an expression may name. */
export type ScopeColumn = { readonly sql: string; readonly type: Type };

/** What expressions are made of: columns, chance, and subqueries where these may stand. */
export type ExprContext = {
  readonly random: Random;
  readonly columns: readonly ScopeColumn[];
  /** A query of one column and one row at most, or of any number of rows. */
  readonly subquery?: ((type: Type, oneRow: boolean) => string) | undefined;
  /** Also forms that fail for some values. */
  readonly failing?: boolean | undefined;
};

/** An expression of a type as SQL, in brackets where it needs them. */
export function randomExpr(ctx: ExprContext, type: Type, depth: number): string {
  const { random, subquery } = ctx;
  if (depth <= 0 || random.percent(15)) return leaf(ctx, type);
  const fill = (forms: readonly string[]): string =>
    fillForm(random.pick(forms), type, random, t => randomExpr(ctx, t, depth - 1));
  if (ctx.failing === true && random.percent(60)) return fill(FAILING_FORMS[type] ?? EXPRESSION_FORMS[type]);
  if (subquery !== undefined && random.percent(type === 'bool' ? 25 : 8))
    return withSubquery(ctx, type, subquery, depth);
  if (random.percent(20)) return fill(UNORDERED.has(type) ? COMMON_FORMS : [...COMMON_FORMS, ...ORDERED_FORMS]);
  return fill(EXPRESSION_FORMS[type]);
}

/** Puts expressions into a form: see `EXPRESSION_FORMS`. */
export function fillForm(form: string, self: Type, random: Random, make: (type: Type) => string): string {
  const one = randomType(random);
  const repeated = new Map<string, string>();
  const resolved = form.replace(/\$\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g, (_, options: string) => {
    const option = random.pick(options.split('|'));
    return isType(option) ? `$${option}` : option;
  });
  const typeOf = (name: string): Type =>
    name === 'self' ? self : name === 'any1' ? one : name === 'any' ? randomType(random) : (name as Type);
  return resolved.replace(/([$@])([a-z]+1?)/g, (all, mark: string, name: string) => {
    if (name === 'sqltype') return SQL_TYPES[self];
    if (!isType(name) && !PLACEHOLDERS.has(name)) return all;
    if (mark === '$') return make(typeOf(name));
    const text = repeated.get(name) ?? make(typeOf(name));
    repeated.set(name, text);
    return text;
  });
}

const PLACEHOLDERS: ReadonlySet<string> = new Set(['self', 'any', 'any1']);
const isType = (name: string): name is Type => (TYPES as readonly string[]).includes(name);
/** Of equal intervals (30 days, 1 month) any may be the greatest. */
const UNORDERED: ReadonlySet<Type> = new Set(['bool', 'map', 'struct', 'array', 'interval']);

function leaf({ random, columns }: ExprContext, type: Type): string {
  const own = columns.filter(c => c.type === type);
  return own.length > 0 && random.percent(80) ? random.pick(own).sql : randomLiteral(random, type);
}

type Subquery = NonNullable<ExprContext['subquery']>;

function withSubquery(ctx: ExprContext, type: Type, subquery: Subquery, depth: number): string {
  const { random } = ctx;
  if (type !== 'bool' || random.percent(25)) return `(${subquery(type, true)})`;
  const sub = (of: Type): string => randomExpr(ctx, of, depth - 1);
  const not = random.percent(30) ? 'NOT ' : '';
  const of = randomType(random);
  switch (random.below(5)) {
    case 0:
    case 1:
      return `(${not}EXISTS (${subquery('int', false)}))`;
    case 2:
    case 3:
      return `(${sub(of)} ${not}IN (${subquery(of, false)}))`;
    default: {
      const comparison = random.pick(['=', '<>', '<', '<=', '>', '>=']);
      const compared = random.pick(['int', 'int', 'text', 'date', 'decimal'] as const);
      return `(${sub(compared)} ${comparison} ${random.pick(['ANY', 'ALL'])} (${subquery(compared, false)}))`;
    }
  }
}
