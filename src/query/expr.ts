import type { Span } from '../common/errors.ts';
import type { DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import type { Query } from './query.ts';

/**
 * An expression by names, as plain JSON-safe data: nothing is looked up yet.
 *
 * Operators are calls whose `fn` is the operator's spelling in lower case (see `OPERATORS`): `a + 1` is
 * `call('+', a, 1)`, `not x` is `call('not', x)`, `x is null` is `call('is null', x)`. Special syntax that is a
 * function in disguise becomes that function's call: `extract(year from d)` is `date_part('year', d)`,
 * `position(a in b)` is `strpos(b, a)`, `d at time zone z` is `timezone(z, d)`, `[1, 2]` is `list_value(1, 2)`,
 * `x[1]` is `array_extract(x, 1)`, `x[1:2]` is `array_slice(x, 1, 2)`, `current_date` is a call without arguments.
 */
export type Expr = { readonly span?: Span | undefined } & (
  | { readonly kind: 'name'; readonly path: readonly string[] } // a, t.a, s.t.a; t.a may also be a struct field
  | StarExpr
  | { readonly kind: 'columns'; readonly pattern: Expr } // COLUMNS('regex'), COLUMNS(c -> …)
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'parameter'; readonly name: string } // '1' for $1 and the first ?, 'min' for $min
  | CallExpr
  | { readonly kind: 'cast'; readonly input: Expr; readonly type: TypeRef; readonly try: boolean }
  | CaseExpr
  | {
      readonly kind: 'between';
      readonly input: Expr;
      readonly low: Expr;
      readonly high: Expr;
      readonly negated: boolean;
      /** BETWEEN SYMMETRIC: the bounds may come in either order. */
      readonly symmetric?: true | undefined;
    }
  | { readonly kind: 'in-list'; readonly input: Expr; readonly items: readonly Expr[]; readonly negated: boolean }
  | { readonly kind: 'in-query'; readonly input: Expr; readonly query: Query; readonly negated: boolean }
  | { readonly kind: 'exists'; readonly query: Query }
  | { readonly kind: 'scalar-query'; readonly query: Query }
  /** `input op ANY (query)`, `input op ALL (query)`. A list is the query of its elements. */
  | {
      readonly kind: 'quantified';
      readonly input: Expr;
      readonly op: string;
      readonly quantifier: 'any' | 'all';
      readonly query: Query;
    }
  | { readonly kind: 'row'; readonly items: readonly Expr[] } // (a, b)
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly value: Expr }[] }
  | { readonly kind: 'field'; readonly input: Expr; readonly name: string } // (expr).name
  | { readonly kind: 'lambda'; readonly params: readonly string[]; readonly body: Expr }
  | { readonly kind: 'collate'; readonly input: Expr; readonly collation: string }
);

/** A function call, also aggregates and window functions; which of them it is, the binder finds out. */
export type CallExpr = {
  readonly kind: 'call';
  readonly fn: string;
  /** `s.f(x)` or the chained `x.f()`: what stands before the function's name; the binder decides which. */
  readonly qualifier?: readonly string[] | undefined;
  readonly args: readonly Expr[];
  /** `f(a := 1)` */
  readonly named?: Readonly<Record<string, Expr>> | undefined;
  readonly distinct?: boolean | undefined;
  readonly orderBy?: readonly SortKey[] | undefined;
  /** Set with `orderBy` for `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)`. */
  readonly withinGroup?: boolean | undefined;
  readonly filter?: Expr | undefined;
  readonly nulls?: 'ignore' | 'respect' | undefined;
  /** A window, or the name of one in the WINDOW clause. */
  readonly over?: WindowSpec | string | undefined;
};

export type StarExpr = {
  readonly kind: 'star';
  /** `t.*` */
  readonly qualifier?: readonly string[] | undefined;
  /** Names of columns, each alone or with its table: `a`, `t.a`. */
  readonly exclude?: readonly (readonly string[])[] | undefined;
  readonly replace?: readonly { readonly name: string; readonly value: Expr }[] | undefined;
  readonly rename?: readonly { readonly from: string; readonly to: string }[] | undefined;
};

type CaseExpr = {
  readonly kind: 'case';
  readonly operand?: Expr | undefined;
  readonly branches: readonly { readonly when: Expr; readonly result: Expr }[];
  readonly otherwise?: Expr | undefined;
};

export type SortKey = {
  readonly expr: Expr; // a star without qualifier is ORDER BY ALL
  readonly direction?: 'asc' | 'desc' | undefined; // absent: the setting default_order
  readonly nulls?: 'first' | 'last' | undefined; // absent: the setting default_null_order
};

export type WindowSpec = {
  /** A window of the WINDOW clause that this one extends. */
  readonly base?: string | undefined;
  readonly partitionBy?: readonly Expr[] | undefined;
  readonly orderBy?: readonly SortKey[] | undefined;
  readonly frame?: WindowFrame | undefined;
};

export type WindowFrame = {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end: FrameBound;
  readonly exclude?: 'current-row' | 'group' | 'ties' | undefined;
};

export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'current-row' | 'unbounded-following' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expr };

/** The name of a user's type, an enum say, that the binder looks up. */
export type NamedType = { readonly kind: 'named'; readonly name: string; readonly span?: Span | undefined };

/** A type: built in, the name of a user's type (an enum, say) that the binder looks up, or one made of such. */
export type TypeRef = DataType | UserType;

export type UserType =
  | NamedType
  | { readonly kind: 'composed'; readonly of: 'list' | 'map'; readonly parts: readonly TypeRef[] }
  | { readonly kind: 'composed'; readonly of: 'array'; readonly parts: readonly TypeRef[]; readonly length: number }
  | { readonly kind: 'composed'; readonly of: 'struct' | 'union'; readonly parts: readonly NamedPart[] };

type NamedPart = { readonly name: string; readonly type: TypeRef };

/** Whether a type needs no look-up. */
export const isBuiltIn = (type: TypeRef): type is DataType => type.kind !== 'named' && type.kind !== 'composed';

/** The calls that print as operators. */
export const OPERATORS = {
  prefix: ['not', 'negate', '~', '@'],
  postfix: [
    'is null',
    'is not null',
    'is true',
    'is not true',
    'is false',
    'is not false',
    'is unknown',
    'is not unknown',
  ],
  infix: [
    'or',
    'and',
    '=',
    '<>',
    '<',
    '<=',
    '>',
    '>=',
    'is distinct from',
    'is not distinct from',
    'like',
    'not like',
    'ilike',
    'not ilike',
    'similar to',
    'not similar to',
    'glob',
    '~', // regular expression match when it has two arguments
    '!~',
    '~*',
    '!~*',
    '||',
    '|',
    '&',
    'xor',
    '<<',
    '>>',
    '+',
    '-',
    '*',
    '/',
    '//',
    '%',
    '^',
    '->',
    '->>',
    '@>',
    '<@',
    '&&',
  ],
} as const;
