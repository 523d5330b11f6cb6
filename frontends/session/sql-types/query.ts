import type { Deeper, Depth } from './depth.ts';
import type { From, FromResult, NoTables } from './from.ts';
import type { Common, Settled } from './operators.ts';
import type { Plain, Unnamed } from './own-name.ts';
import type { IsUnion, Opaque, Scope, SqlError, Untyped } from './scope.ts';
import type { SelectList } from './select-list.ts';
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
          : (R extends QueryResult ? RelationOf<WithNames<R['list'], List>> : Untyped) extends infer Renaming
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

/** A query's columns under the names of a list, the first ones; untyped where two would have the same. @template Names those given so far, in lower case */
export type WithNames<
  L extends readonly object[],
  Words extends string[],
  Names extends string = never,
  Done extends object[] = [],
> = Words extends [infer Word extends string, ...infer More extends string[]]
  ? Word extends ','
    ? WithNames<L, More, Names, Done>
    : L extends readonly [infer First extends object, ...infer Rest extends readonly object[]]
      ? [IsSingle<First>, Extract<Lowercase<Plain<Word>>, Names>] extends [true, never]
        ? WithNames<Rest, More, Names | Lowercase<Plain<Word>>, [...Done, { [K in Plain<Word>]: First[keyof First] }]>
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
