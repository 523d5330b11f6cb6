import type { Random } from './random.ts';
import { randomLiteral, SQL_TYPES, type Type } from './random-table.ts';

/** A column that an expression may name. */
export type ScopeColumn = { readonly sql: string; readonly type: Type };

/** What expressions are made of: columns, chance, and subqueries where these may stand. */
export type ExprContext = {
  readonly random: Random;
  readonly columns: readonly ScopeColumn[];
  /** A query of one column and one row at most, or of any number of rows. */
  readonly subquery?: ((type: Type, oneRow: boolean) => string) | undefined;
};

type Make = () => string;

/** An expression of a type as SQL, in brackets where it needs them. */
export function randomExpr(ctx: ExprContext, type: Type, depth: number): string {
  const { random } = ctx;
  if (depth <= 0 || random.percent(15)) return leaf(ctx, type);
  const sub = (of: Type): string => randomExpr(ctx, of, depth - 1);
  if (random.percent(22)) return common(ctx, type, sub);
  return random.pick(OF_TYPE[type](ctx, sub))();
}

function leaf({ random, columns }: ExprContext, type: Type): string {
  const own = columns.filter(c => c.type === type);
  return own.length > 0 && random.percent(80) ? random.pick(own).sql : randomLiteral(random, type);
}

function common({ random, subquery }: ExprContext, type: Type, sub: (of: Type) => string): string {
  const options: Make[] = [
    () => `CASE WHEN ${sub('bool')} THEN ${sub(type)} ELSE ${sub(type)} END`,
    () => `CASE WHEN ${sub('bool')} THEN ${sub(type)} WHEN ${sub('bool')} THEN ${sub(type)} END`,
    () => `CASE ${sub('int')} WHEN 1 THEN ${sub(type)} WHEN ${sub('int')} THEN ${sub(type)} END`,
    () => `coalesce(${sub(type)}, ${sub(type)})`,
    () => `nullif(${sub(type)}, ${sub(type)})`,
    () => `CAST(${sub(type)} AS ${SQL_TYPES[type]})`,
    () => `if(${sub('bool')}, ${sub(type)}, ${sub(type)})`,
  ];
  if (type !== 'bool') options.push(() => `${random.pick(['greatest', 'least'])}(${sub(type)}, ${sub(type)})`);
  if (subquery !== undefined && random.percent(40)) return `(${subquery(type, true)})`;
  return random.pick(options)();
}

type Options = (ctx: ExprContext, sub: (of: Type) => string) => readonly Make[];

const OF_TYPE: Readonly<Record<Type, Options>> = {
  int: ({ random }, sub) => [
    () => `(${sub('int')} + ${sub('int')})`,
    () => `(${sub('int')} - ${sub('int')})`,
    () => `(${sub('int')} * ${random.below(5)})`,
    () => `(${sub('int')} ${random.pick(['//', '%'])} nullif(${sub('int')}, 0))`,
    () => `(- ${sub('int')})`,
    () => `abs(${sub('int')})`,
    () => `sign(${sub('int')})`,
    () => `length(${sub('text')})`,
    () => `strpos(${sub('text')}, ${sub('text')})`,
    () => `ascii(${sub('text')})`,
    () => `CAST(date_part('${random.pick(PARTS)}', ${sub('date')}) AS BIGINT)`,
    () => `${random.pick(['year', 'month', 'day', 'dayofweek', 'quarter', 'week'])}(${sub('date')})`,
    () => `${random.pick(['hour', 'minute', 'second', 'dayofyear'])}(${sub('timestamp')})`,
    () => `(${sub('date')} - ${sub('date')})`,
    () => `date_diff('${random.pick(['day', 'month', 'year', 'week'])}', ${sub('date')}, ${sub('date')})`,
    () => `CAST(${sub('bool')} AS INTEGER)`,
    () => `CAST(${sub('decimal')} AS INTEGER)`,
    () => `TRY_CAST(${sub('double')} AS INTEGER)`,
    () => `TRY_CAST(${sub('text')} AS INTEGER)`,
    () => `(${sub('int')} & ${sub('int')})`,
    () => `(${sub('int')} | ${sub('int')})`,
    () => `xor(${sub('int')}, ${sub('int')})`,
    () => `len(${sub('list')})`,
    () => `list_sum(${sub('list')})`,
    () => `${sub('list')}[${random.below(4) - 1}]`,
    () => `list_position(${sub('list')}, ${sub('int')})`,
  ],
  double: ({ random }, sub) => [
    () => `(${sub('double')} ${random.pick(['+', '-', '*'])} ${sub('double')})`,
    () => `(${sub('double')} / ${sub('double')})`,
    () => `(${sub('int')} / ${sub('int')})`,
    () => `CAST(${sub(random.pick(['int', 'decimal']))} AS DOUBLE)`,
    () => `${random.pick(['floor', 'ceil', 'abs', 'trunc'])}(${sub('double')})`,
    () => `round(${sub('double')}, ${random.below(3)})`,
    () => `sqrt(abs(${sub('double')}))`,
    () => `ln(abs(${sub('double')}) + 1)`,
    () => `power(${sub('double')}, 2)`,
    () => `TRY_CAST(${sub('text')} AS DOUBLE)`,
  ],
  decimal: ({ random }, sub) => [
    () => `(${sub('decimal')} ${random.pick(['+', '-'])} ${sub('decimal')})`,
    () => `(${sub('decimal')} * 1.5)`,
    () => `(${sub('decimal')} % 1.25)`,
    () => `round(${sub('decimal')}, 1)`,
    () => `${random.pick(['floor', 'ceil', 'abs'])}(${sub('decimal')})`,
    () => `(- ${sub('decimal')})`,
    () => `CAST(${sub('int')} AS DECIMAL(9,2))`,
    () => `TRY_CAST(${sub('text')} AS DECIMAL(9,2))`,
  ],
  text: ({ random }, sub) => [
    () => `${random.pick(['upper', 'lower', 'trim', 'ltrim', 'rtrim', 'reverse'])}(${sub('text')})`,
    () => `(${sub('text')} || ${sub('text')})`,
    () => `concat(${sub('text')}, ${sub(random.pick(['text', 'int', 'date']))})`,
    () => `concat_ws('-', ${sub('text')}, ${sub('text')})`,
    () => `substr(${sub('text')}, ${random.below(4) - 1}, ${random.below(4)})`,
    () => `left(${sub('text')}, ${sub('int')})`,
    () => `right(${sub('text')}, ${random.below(4) - 2})`,
    () => `replace(${sub('text')}, 'a', ${sub('text')})`,
    () => `regexp_replace(${sub('text')}, '[a-z]', 'x')`,
    () => `repeat(${sub('text')}, ${random.below(3)})`,
    () => `lpad(${sub('text')}, ${random.below(6)}, 'xy')`,
    () => `split_part(${sub('text')}, 'a', ${random.below(3) + 1})`,
    () => `CAST(${sub(random.pick(['int', 'decimal', 'date', 'timestamp', 'bool']))} AS VARCHAR)`,
    () => `strftime(${sub(random.pick(['date', 'timestamp']))}, '%Y/%m/%d %H')`,
  ],
  date: ({ random }, sub) => [
    () => `(${sub('date')} + ${random.below(400) - 200})`,
    () => `(${sub('date')} - ${random.below(40)})`,
    () => `CAST(${sub('timestamp')} AS DATE)`,
    () => `CAST(date_trunc('${random.pick(['month', 'year', 'week', 'quarter'])}', ${sub('date')}) AS DATE)`,
    () => `last_day(${sub('date')})`,
    () => `TRY_CAST(${sub('text')} AS DATE)`,
  ],
  timestamp: ({ random }, sub) => [
    () => `CAST(${sub('date')} AS TIMESTAMP)`,
    () => `date_trunc('${random.pick(['hour', 'day', 'month', 'minute'])}', ${sub('timestamp')})`,
    () => `(${sub('timestamp')} + INTERVAL ${random.below(50)} ${random.pick(['DAY', 'HOUR', 'MONTH'])})`,
    () => `(${sub('date')} - INTERVAL ${random.below(50)} ${random.pick(['DAY', 'MONTH'])})`,
  ],
  list: ({ random }, sub) => [
    () => `[${sub('int')}, ${sub('int')}]`,
    () => `list_concat(${sub('list')}, ${sub('list')})`,
    () => `list_sort(${sub('list')})`,
    () => `list_reverse(${sub('list')})`,
    () => `list_append(${sub('list')}, CAST(${sub('int')} AS INTEGER))`,
    () => `${sub('list')}[${random.below(3)}:${random.below(4)}]`,
    () => `list_sort(list_distinct(${sub('list')}))`,
  ],
  bool: boolOptions,
};

const PARTS = ['year', 'month', 'day', 'dow', 'doy', 'week', 'quarter', 'epoch', 'century', 'decade', 'isodow'];

const COMPARED: readonly (readonly [Type, Type])[] = [
  ['int', 'int'],
  ['text', 'text'],
  ['int', 'double'],
  ['decimal', 'int'],
  ['double', 'decimal'],
  ['date', 'date'],
  ['date', 'timestamp'],
  ['bool', 'bool'],
  ['list', 'list'],
  ['timestamp', 'timestamp'],
];
const COMPARISONS = ['=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'];

function boolOptions(ctx: ExprContext, sub: (of: Type) => string): readonly Make[] {
  const { random, subquery } = ctx;
  const any = (): Type => random.pick(['int', 'text', 'date', 'decimal', 'double', 'bool']);
  const not = (): string => (random.percent(30) ? 'NOT ' : '');
  const compare: Make = () => {
    const [a, b] = random.pick(COMPARED);
    return `(${sub(a)} ${random.pick(COMPARISONS)} ${sub(b)})`;
  };
  const options: Make[] = [
    compare,
    compare,
    compare,
    () => `(${sub(any())} IS ${not()}NULL)`,
    () => `(${sub('bool')} AND ${sub('bool')})`,
    () => `(${sub('bool')} OR ${sub('bool')})`,
    () => `(NOT ${sub('bool')})`,
    () => `(${sub('bool')} IS ${not()}${random.pick(['TRUE', 'FALSE'])})`,
    () => `(${sub('int')} ${not()}BETWEEN ${sub('int')} AND ${sub('int')})`,
    () => `(${sub('date')} BETWEEN ${sub('date')} AND ${sub('date')})`,
    () => `(${sub('int')} ${not()}IN (0, 1, ${sub('int')}))`,
    () => `(${sub('text')} ${not()}IN ('a', 'ab', '10'${random.percent(20) ? ', NULL' : ''}))`,
    () =>
      `(${sub('text')} ${not()}${random.pick(['LIKE', 'ILIKE'])} '${random.pick(['a%', '%', '_', '%e%', "%''s"])}')`,
    () => `list_contains(${sub('list')}, ${sub('int')})`,
    () => `((${sub('text')}, ${sub('int')}) ${random.pick(['=', '<>', '<'])} (${sub('text')}, ${sub('int')}))`,
    () => `starts_with(${sub('text')}, ${sub('text')})`,
    () => `contains(${sub('text')}, ${sub('text')})`,
    () => `regexp_matches(${sub('text')}, '^[a-z]+$')`,
  ];
  if (subquery === undefined) return options;
  const inQuery: Make = () => {
    const type = random.pick(['int', 'text', 'date', 'decimal'] as const);
    return `(${sub(type)} ${not()}IN (${subquery(type, false)}))`;
  };
  const exists: Make = () => `(${not()}EXISTS (${subquery('int', false)}))`;
  const quantified: Make = () => {
    const comparison = random.pick(['=', '<>', '<', '<=', '>', '>=']);
    return `(${sub('int')} ${comparison} ${random.pick(['ANY', 'ALL'])} (${subquery('int', false)}))`;
  };
  return [...options, inQuery, inQuery, exists, exists, quantified];
}
