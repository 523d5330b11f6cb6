import type { Known } from './functions.ts';
import type { Group } from './token-groups.ts';

/** The name of a column whose name is not worked out. */
export type Unnamed = '?';

/** A name without its quotes. */
export type Plain<Name extends string> = Name extends `"${infer Quoted}` ? Quoted : Name;

/** The name of a column without alias, as the engine gives it: a column's own, else the expression's text. */
export type OwnName<T extends string[]> = T extends
  | [infer Name extends string]
  | [infer Name extends string, ',', ...string[]]
  ? Name extends `${number}`
    ? IntegerText<Name>
    : ColumnName<Name>
  : Printed<T> extends [infer Text extends string, [] | [',', ...string[]]]
    ? Text extends `${string}.${string}`
      ? // Alone in parentheses it is a column's.
        Text extends `${string}${'(' | ')'}${string}`
        ? Text
        : Unnamed
      : Text
    : Unnamed;

type ColumnName<Name extends string> =
  IsPlainName<Name> extends true
    ? Name extends `${string}.${infer Column}`
      ? Column extends `${string}.${string}` | ''
        ? Unnamed
        : Column
      : Name
    : Name extends `"${infer Quoted}`
      ? Quoted
      : Unnamed;

type IsPlainName<Name extends string> = Name extends
  | `${number}`
  | "'"
  | `"${string}`
  | `$${string}`
  | `?${string}`
  | Symbols
  ? false
  : Lowercase<Name> extends 'null' | 'true' | 'false' | `current_${string}` | 'localtimestamp'
    ? false
    : true;
type Symbols =
  | '('
  | ')'
  | '['
  | ']'
  | '{'
  | '}'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '<'
  | '>'
  | '='
  | '!'
  | '|'
  | '&'
  | '^'
  | '~'
  | '@'
  | ':'
  | ',';

type IntegerText<Text extends string> = Text extends `${infer N extends bigint}`
  ? `${N}` extends Text
    ? Text
    : Unnamed
  : Unnamed;

/** [the text of the expression at the start of `T`, the rest], or never where it is not worked out. */
type Printed<T extends string[]> =
  PrintedOperand<T> extends [infer A extends string, infer Rest extends string[]] ? PrintedChain<A, Rest, '*'> : never;

type Factor = '*' | '/' | '%';

/** @template Level '+' behind a sum, which a product would have to go into */
type PrintedChain<A extends string, T extends string[], Level extends '*' | '+'> = T extends [
  infer Op extends Factor | '+' | '-',
  ...infer Rest extends string[],
]
  ? [Op, Level] extends [Factor, '+']
    ? never
    : PrintedOperand<Rest> extends [infer B extends string, infer After extends string[]]
      ? PrintedChain<`(${A} ${Op} ${B})`, After, Op extends Factor ? '*' : '+'>
      : never
  : [A, T];

type PrintedOperand<T extends string[]> = T extends [infer Head extends string, ...infer Rest extends string[]]
  ? Head extends '('
    ? Group<Rest> extends [infer Inside extends string[], infer After extends string[]]
      ? Printed<Inside> extends [infer Text extends string, []]
        ? [Text, After]
        : never
      : never
    : Head extends `${number}`
      ? IntegerText<Head> extends Head
        ? [Head, Rest]
        : never
      : IsPlainName<Head> extends true
        ? Rest extends ['(', ...infer Arguments extends string[]]
          ? Lowercase<Head> extends Known
            ? Group<Arguments> extends [infer Inside extends string[], infer After extends string[]]
              ? Inside extends ['*']
                ? Lowercase<Head> extends 'count'
                  ? ['count_star()', After]
                  : never
                : PrintedArguments<Inside> extends infer Text extends string
                  ? Text extends Unnamed
                    ? never
                    : [`${Lowercase<Head>}(${Text})`, After]
                  : never
              : never
            : never
          : [Head, Rest]
        : never
  : never;

type PrintedArguments<T extends string[]> = T extends []
  ? ''
  : T extends [infer Head extends string, ...infer Rest extends string[]]
    ? Lowercase<Head> extends 'distinct'
      ? Separated<Rest, 'DISTINCT '>
      : Separated<T, ''>
    : never;

/** Expressions between commas; Unnamed where one is not worked out. */
type Separated<T extends string[], Done extends string> =
  Printed<T> extends [infer Text extends string, infer Rest extends string[]]
    ? Rest extends []
      ? `${Done}${Text}`
      : Rest extends [',', ...infer More extends string[]]
        ? Separated<More, `${Done}${Text}, `>
        : Unnamed
    : Unnamed;
