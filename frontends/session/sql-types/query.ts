import type { Deeper, Depth } from './depth.ts';
import type { AnyOperator, Expression } from './expressions.ts';
import type { From, FromResult, NoTables } from './from.ts';
import type { Common, Settled } from './operators.ts';
import type { IsUnion, Opaque, Scope, SqlError, Untyped } from './scope.ts';
import type { Group, Has, StartingAt, Until } from './token-groups.ts';

/** A query's columns: as records of one column each in their order, or (with a star) as records of all of a table. */
export interface QueryResult {
  readonly list: readonly object[];
}

/** The words that begin a clause behind FROM. */
export type Clause =
  | 'where'
  | 'group'
  | 'having'
  | 'qualify'
  | 'window'
  | 'order'
  | 'limit'
  | 'offset'
  | 'fetch'
  | SetOperation
  | 'using'
  | ';';
type SetOperation = 'union' | 'except' | 'intersect';

/** What a query's text comes to: a QueryResult, Untyped or an SqlError. @template Relations tables and CTEs by name */
export type QueryOf<
  Relations extends object,
  T extends string[],
  Outer extends Scope | undefined,
  D extends Depth,
> = T extends [infer Head extends string, ...infer Rest extends string[]]
  ? Lowercase<Head> extends 'select'
    ? Select<Relations, Rest, Outer, D>
    : Lowercase<Head> extends 'with'
      ? With<Relations, Rest, Outer, D>
      : Head extends '('
        ? Deeper[D] extends infer Next extends Depth
          ? Group<Rest> extends [infer Inside extends string[], infer After extends string[]]
            ? Has<After, SetOperation> extends true
              ? Untyped
              : QueryOf<Relations, Inside, Outer, Next>
            : never
          : Untyped
        : Untyped
  : Untyped;

type With<Relations extends object, T extends string[], Outer extends Scope | undefined, D extends Depth> = T extends [
  infer Name extends string,
  infer As extends string,
  ...infer Rest extends string[],
]
  ? Lowercase<Name> extends 'recursive'
    ? Untyped
    : As extends '('
      ? Group<Rest> extends [infer List extends string[], [infer Word extends string, ...infer Behind extends string[]]]
        ? Lowercase<Word> extends 'as'
          ? Named<Relations, Name, List, Body<Behind>, Outer, D>
          : Untyped
        : Untyped
      : Lowercase<As> extends 'as'
        ? Body<Rest> extends ['(', ...infer Inside extends string[]]
          ? Deeper[D] extends infer Next extends Depth
            ? Group<Inside> extends [infer Query extends string[], infer After extends string[]]
              ? RelationOf<QueryOf<Relations, Query, Outer, Next>> extends infer R
                ? R extends SqlError
                  ? R
                  : {
                        [K in keyof Relations | Name]: K extends Name
                          ? R
                          : K extends keyof Relations
                            ? Relations[K]
                            : never;
                      } extends infer Known extends object
                    ? After extends [',', ...infer More extends string[]]
                      ? With<Known, More, Outer, D>
                      : QueryOf<Known, After, Outer, D>
                    : never
                : never
              : never
            : Untyped
          : Untyped
        : Untyped
  : Untyped;

/** A CTE whose columns are named in its head: the first ones, in their order. */
type Named<
  Relations extends object,
  Name extends string,
  List extends string[],
  T extends string[],
  Outer extends Scope | undefined,
  D extends Depth,
> = T extends ['(', ...infer Inside extends string[]]
  ? Deeper[D] extends infer Next extends Depth
    ? Group<Inside> extends [infer Query extends string[], infer After extends string[]]
      ? QueryOf<Relations, Query, Outer, Next> extends infer R
        ? R extends SqlError
          ? R
          : (R extends QueryResult ? RelationOf<Renamed<R['list'], List>> : Untyped) extends infer Renaming
            ? {
                [K in keyof Relations | Name]: K extends Name
                  ? Renaming
                  : K extends keyof Relations
                    ? Relations[K]
                    : never;
              } extends infer Known extends object
              ? After extends [',', ...infer More extends string[]]
                ? With<Known, More, Outer, D>
                : QueryOf<Known, After, Outer, D>
              : never
            : never
        : never
      : never
    : Untyped
  : Untyped;

/** Untyped where two columns would have the same name. @template Names those given so far, in lower case */
type Renamed<
  L extends readonly object[],
  Words extends string[],
  Names extends string = never,
  Done extends object[] = [],
> = Words extends [infer Word extends string, ...infer More extends string[]]
  ? Word extends ','
    ? Renamed<L, More, Names, Done>
    : L extends readonly [infer First extends object, ...infer Rest extends readonly object[]]
      ? [IsSingle<First>, Extract<Lowercase<Plain<Word>>, Names>] extends [true, never]
        ? Renamed<Rest, More, Names | Lowercase<Plain<Word>>, [...Done, { [K in Plain<Word>]: First[keyof First] }]>
        : Untyped
      : Untyped
  : [Extract<Lowercase<KeyOfAny<L[number]>>, Names>] extends [never]
    ? { list: [...Done, ...L] }
    : Untyped;

type KeyOfAny<T> = T extends unknown ? keyof T & string : never;

/** Behind AS, without [NOT] MATERIALIZED. */
type Body<T extends string[]> = T extends [infer Word extends string, ...infer Rest extends string[]]
  ? Lowercase<Word> extends 'not' | 'materialized'
    ? Body<Rest>
    : T
  : T;

type Select<Relations extends object, T extends string[], Outer extends Scope | undefined, D extends Depth> =
  Until<WithoutDistinct<T>, 'from' | Clause> extends [infer Items extends string[], infer Rest extends string[]]
    ? (
        Rest extends [infer Word extends string, ...infer After extends string[]]
          ? Lowercase<Word> extends 'from'
            ? From<Relations, After, Outer, D>
            : FromResult<NoTables, false, Rest>
          : FromResult<NoTables, false, []>
      ) extends infer F
      ? F extends FromResult<infer Tables, infer Open, infer Behind>
        ? Grouping<StartingAt<Behind, 'group' | SetOperation>> extends [infer G, infer Next extends string[]]
          ? Operated<
              SelectList<
                {
                  tables: G extends 'sets' ? AllNullable<Tables> : Tables;
                  open: Open;
                  grouped: G extends 'keys' ? true : false;
                  aliases: never;
                  outer: Outer;
                  relations: Relations;
                },
                Items,
                D
              >,
              Relations,
              Next,
              Outer,
              D
            >
          : never
        : F
      : never
    : never;

type WithoutDistinct<T extends string[]> = T extends [infer Head extends string, ...infer Rest extends string[]]
  ? Lowercase<Head> extends 'distinct'
    ? Rest extends [infer On extends string, '(', ...infer Inside extends string[]]
      ? Lowercase<On> extends 'on'
        ? Group<Inside>[1]
        : Rest
      : Rest
    : Lowercase<Head> extends 'all'
      ? Rest
      : T
  : T;

type AllNullable<Tables> = { [A in keyof Tables]: { [C in keyof Tables[A]]: Tables[A][C] | null } };

/** [whether groups are made of keys alone, of grouping sets, or not; the rest from a set operation on]. */
type Grouping<T extends string[]> = T extends [infer Word extends string, string, ...infer Keys extends string[]]
  ? Lowercase<Word> extends 'group'
    ? [KeysOf<Keys>, StartingAt<Keys, SetOperation>]
    : ['none', T]
  : ['none', T];

type KeysOf<T extends string[]> = T extends ['(', ')', ...string[]]
  ? 'none'
  : T extends [infer First extends string, ...string[]]
    ? Lowercase<First> extends 'all'
      ? 'none'
      : Extract<Lowercase<Until<T, Exclude<Clause, 'group'>>[0][number]>, 'rollup' | 'cube' | 'grouping'> extends never
        ? 'keys'
        : 'sets'
    : 'none';

/** Puts set operations' other sides to a result: names of the first, types of both where they are known. */
type Operated<
  R,
  Relations extends object,
  T extends string[],
  Outer extends Scope | undefined,
  D extends Depth,
> = R extends QueryResult
  ? T extends [string, ...infer Rest extends string[]]
    ? AfterAll<Rest> extends [infer ByName, infer Second extends string[]]
      ? ByName extends true
        ? Untyped
        : QueryOf<Relations, Second, Outer, D> extends infer Other
          ? Other extends SqlError
            ? Other
            : Other extends QueryResult
              ? Paired<R['list'], Other['list']>
              : { list: AllOpaque<R['list']> }
          : never
      : never
    : R
  : R;

type AfterAll<T extends string[]> = T extends [infer Head extends string, ...infer Rest extends string[]]
  ? Lowercase<Head> extends 'all' | 'distinct'
    ? AfterAll<Rest>
    : Lowercase<Head> extends 'by'
      ? [true, Rest]
      : [false, T]
  : [false, T];

type AllOpaque<L extends readonly object[]> = { [I in keyof L]: { [K in keyof L[I]]: Opaque } };

type Paired<A extends readonly object[], B extends readonly object[], Done extends object[] = []> = A extends readonly [
  infer A1 extends object,
  ...infer ARest extends readonly object[],
]
  ? B extends readonly [infer B1 extends object, ...infer BRest extends readonly object[]]
    ? IsSingle<A1> extends true
      ? IsSingle<B1> extends true
        ? Paired<ARest, BRest, [...Done, { [K in keyof A1]: Settled<Common<A1[K], B1[keyof B1]>> }]>
        : Untyped
      : Untyped
    : Untyped
  : { list: Done };

type IsSingle<T> = IsUnion<keyof T> extends true ? false : true;

/** The select list's columns. @template Names those that are there already */
type SelectList<
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

/** The name of a column whose name is not worked out. */
export type Unnamed = '?';

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

type Plain<Name extends string> = Name extends `"${infer Quoted}` ? Quoted : Name;

/** The name of a column without alias: the column's, or `sum(x)` and `count_star()`. */
type OwnName<T extends string[]> = T extends [infer Name extends string] | [infer Name extends string, ',', ...string[]]
  ? ColumnName<Name>
  : T extends
        | [infer Fn extends string, '(', infer Argument extends string, ')']
        | [infer Fn extends string, '(', infer Argument extends string, ')', ',', ...string[]]
    ? Argument extends '*'
      ? Lowercase<Fn> extends 'count'
        ? 'count_star()'
        : Unnamed
      : Lowercase<Fn> extends 'sum' | 'avg' | 'min' | 'max' | 'count'
        ? ColumnName<Argument> extends Unnamed
          ? Unnamed
          : `${Lowercase<Fn>}(${Argument})`
        : Unnamed
    : Unnamed;

type ColumnName<Name extends string> = Name extends `${number}` | "'" | `"${string}` | `$${string}` | `?${string}`
  ? Name extends `"${infer Quoted}`
    ? Quoted
    : Unnamed
  : Lowercase<Name> extends 'null' | 'true' | 'false' | `current_${string}` | 'localtimestamp'
    ? Unnamed
    : Name extends `${string}.${infer Column}`
      ? Column extends `${string}.${string}` | ''
        ? Unnamed
        : Column
      : Name;

/** A query's columns as a table's. */
export type RelationOf<Q> = Q extends QueryResult
  ? Merged<Q['list']> extends infer Columns
    ? Unnamed extends keyof Columns
      ? Untyped
      : Columns
    : never
  : Q;

type Merged<L extends readonly object[]> =
  Both<{ [I in keyof L]: (x: L[I]) => void }[number]> extends infer All ? { [K in keyof All]: All[K] } : never;
type Both<F> = [F] extends [(x: infer All) => void] ? All : never;

type WithAliases<S extends Scope, Names extends string> = {
  readonly tables: S['tables'];
  readonly open: S['open'];
  readonly grouped: S['grouped'];
  readonly aliases: Names;
  readonly outer: S['outer'];
  readonly relations: S['relations'];
};
