import type { Depth } from './depth.ts';
import type { AnyOperator, Expression } from './expressions.ts';
import type { Settled } from './operators.ts';
import type { OwnName, Plain, Unnamed } from './own-name.ts';
import type { Scope, SqlError, Untyped } from './scope.ts';
import type { Group } from './token-groups.ts';

/** The select list's columns. @template Names those that are there already */
export type SelectList<
  S extends Scope,
  T extends string[],
  D extends Depth,
  Done extends object[] = [],
  Names extends string = never,
> = T extends []
  ? Done extends []
    ? Untyped
    : { list: Done }
  : T extends ['*', ...infer Rest extends string[]]
    ? S['open'] extends true
      ? Untyped
      : Starred<S, AllColumns<S['tables']>, Rest, D, Done, Names>
    : T extends [`${infer Table}.`, '*', ...infer Rest extends string[]]
      ? Table extends keyof S['tables']
        ? Starred<S, S['tables'][Table], Rest, D, Done, Names>
        : Untyped
      : T extends [string, ':', infer Next extends string, ...string[]]
        ? Next extends ':'
          ? Item<S, T, D, Done, Names>
          : Untyped
        : Item<S, T, D, Done, Names>;

/** All tables' columns; untyped where two have the same name. */
type AllColumns<Tables> = [keyof Tables] extends [never]
  ? Untyped
  : HasTwins<Tables> extends true
    ? Untyped
    : {
        [K in NameIn<Tables>]: { [A in keyof Tables]: K extends keyof Tables[A] ? Tables[A][K] : never }[keyof Tables];
      };
type NameIn<Tables> = { [A in keyof Tables]: keyof Tables[A] }[keyof Tables];
type HasTwins<Tables> = true extends {
  [A in keyof Tables]: keyof Tables[A] &
    { [B in keyof Tables]: B extends A ? never : keyof Tables[B] }[keyof Tables] extends never
    ? false
    : true;
}[keyof Tables]
  ? true
  : false;

type Starred<
  S extends Scope,
  Columns,
  T extends string[],
  D extends Depth,
  Done extends object[],
  Names extends string,
> = Columns extends Untyped
  ? Untyped
  : Columns extends object
    ? T extends [infer Word extends string, '(', ...infer Inside extends string[]]
      ? Lowercase<Word> extends 'exclude'
        ? Group<Inside> extends [infer List extends string[], infer After extends string[]]
          ? Starred<S, Without<Columns, Exclude<List[number], ','>>, After, D, Done, Names>
          : never
        : Untyped
      : Extract<keyof Columns, Names> extends never
        ? T extends []
          ? { list: [...Done, Columns] }
          : T extends [',', ...infer Rest extends string[]]
            ? SelectList<S, Rest, D, [...Done, Columns], Names | (keyof Columns & string)>
            : Untyped
        : Untyped
    : Untyped;

/** The columns that are not named; untyped where a name is that of none. */
type Without<Columns, Words extends string> = [Extract<Words, `${string}.${string}`>, Columns] extends [never, object]
  ? [Plain<Words>] extends [infer Gone extends string]
    ? [Lowercase<Gone>] extends [Lowercase<keyof Columns & string>]
      ? { [K in keyof Columns as Lowercase<K & string> extends Lowercase<Gone> ? never : K]: Columns[K] }
      : Untyped
    : never
  : Untyped;

type Item<S extends Scope, T extends string[], D extends Depth, Done extends object[], Names extends string> =
  Expression<WithAliases<S, Names>, T, AnyOperator, D> extends [infer Type, infer Rest extends string[]]
    ? [Type] extends [SqlError]
      ? Type
      : Aliased<T, Rest> extends [infer Name extends string, infer After extends string[]]
        ? Name extends Names
          ? Untyped
          : After extends []
            ? { list: [...Done, { [K in Name]: Settled<Type> }] }
            : After extends [',', ...infer More extends string[]]
              ? SelectList<S, More, D, [...Done, { [K in Name]: Settled<Type> }], Names | Name>
              : Untyped
        : Untyped
    : never;

/** [the column's name, what is behind]. */
type Aliased<T extends string[], Rest extends string[]> = Rest extends [
  infer Word extends string,
  ...infer After extends string[],
]
  ? Word extends ','
    ? [OwnName<T>, Rest]
    : Lowercase<Word> extends 'as'
      ? After extends [infer Name extends string, ...infer More extends string[]]
        ? [Name extends "'" ? Unnamed : Plain<Name>, More]
        : never
      : [Plain<Word>, After]
  : [OwnName<T>, []];

type WithAliases<S extends Scope, Names extends string> = {
  readonly tables: S['tables'];
  readonly open: S['open'];
  readonly grouped: S['grouped'];
  readonly aliases: Names;
  readonly outer: S['outer'];
  readonly relations: S['relations'];
};
