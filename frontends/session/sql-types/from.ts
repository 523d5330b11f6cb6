import type { Deeper, Depth } from './depth.ts';
import type { AnyOperator, Expression } from './expressions.ts';
import type { Clause, QueryOf, QueryResult, RelationOf, WithNames } from './query.ts';
import type { KeyLike, Scope, SqlError, Untyped } from './scope.ts';
import type { Group } from './token-groups.ts';

/** What FROM brings: columns by alias, whether there are unknown ones too, and the text behind. */
export interface FromResult<Tables extends object, Open extends boolean, Rest extends string[]> {
  readonly tables: Tables;
  readonly open: Open;
  readonly rest: Rest;
}

/** Without FROM. */
export type NoTables = Record<never, never>;

type JoinWord =
  | 'join'
  | 'inner'
  | 'left'
  | 'right'
  | 'full'
  | 'cross'
  | 'natural'
  | 'semi'
  | 'anti'
  | 'asof'
  | 'positional'
  | 'outer';
/** Whose columns a join makes nullable: of the table behind it, of those before it, of both; or it hides the table. */
type Joining = 'none' | 'new' | 'old' | 'both' | 'hidden';

/** Reads FROM. @template Next what the join before the table does */
export type From<
  Relations extends object,
  T extends string[],
  Outer extends Scope | undefined,
  D extends Depth,
  Tables extends object = NoTables,
  Open extends boolean = false,
  Next extends Joining = 'none',
> =
  TableOf<Relations, T, Lateral<Relations, Tables, Open, Outer>, D> extends infer R
    ? R extends TableResult<infer Alias, infer Columns, infer Rest>
      ? Behind<
          Relations,
          Rest,
          Outer,
          D,
          Next extends 'hidden' ? Tables : Added<Tables, Alias, Columns, Next>,
          Next extends 'hidden' ? Open : Columns extends Untyped ? true : Open
        >
      : R
    : never;

/** What a subquery in FROM may refer to: the tables before it, and what is around the query. */
type Lateral<Relations extends object, Tables extends object, Open extends boolean, Outer extends Scope | undefined> = [
  keyof Tables,
  Open,
] extends [never, false]
  ? Outer
  : { tables: Tables; open: Open; grouped: true; aliases: never; outer: Outer; relations: Relations };

interface TableResult<Alias extends string, Columns, Rest extends string[]> {
  readonly alias: Alias;
  readonly columns: Columns;
  readonly rest: Rest;
}

type Nullable<Columns> = { [C in keyof Columns]: Columns[C] | null };
type Added<Tables extends object, Alias extends string, Columns, Next extends Joining> = {
  [A in keyof Tables | (Columns extends Untyped ? never : Alias)]: A extends keyof Tables
    ? Next extends 'old' | 'both'
      ? Nullable<Tables[A]>
      : Tables[A]
    : Next extends 'new' | 'both'
      ? Nullable<Columns>
      : Columns;
};

/** After a table: another, a condition, or the end of FROM. */
type Behind<
  Relations extends object,
  T extends string[],
  Outer extends Scope | undefined,
  D extends Depth,
  Tables extends object,
  Open extends boolean,
  Next extends Joining = 'none',
> = T extends [infer Head extends string, ...infer Rest extends string[]]
  ? Head extends ','
    ? From<Relations, Rest, Outer, D, Tables, Open>
    : Lowercase<Head> extends infer Word
      ? Word extends 'join'
        ? From<Relations, Rest, Outer, D, Tables, Open, Next>
        : Word extends 'left'
          ? Behind<Relations, Rest, Outer, D, Tables, Open, 'new'>
          : Word extends 'right'
            ? Behind<Relations, Rest, Outer, D, Tables, Open, 'old'>
            : Word extends 'full' | 'positional'
              ? Behind<Relations, Rest, Outer, D, Tables, Open, 'both'>
              : Word extends 'semi' | 'anti'
                ? Behind<Relations, Rest, Outer, D, Tables, Open, 'hidden'>
                : Word extends JoinWord
                  ? Behind<Relations, Rest, Outer, D, Tables, Open, Next>
                  : Word extends 'on'
                    ? Condition<Relations, Rest, Outer, D, Tables, Open>
                    : Word extends 'using'
                      ? Rest extends ['(', ...infer Inside extends string[]]
                        ? Behind<Relations, Group<Inside>[1], Outer, D, Tables, Open>
                        : Untyped
                      : Word extends Clause
                        ? FromResult<Tables, Open, T>
                        : Untyped
      : never
  : FromResult<Tables, Open, []>;

/** The condition of ON; what is wrong in it is told when the query is bound. */
type Condition<
  Relations extends object,
  T extends string[],
  Outer extends Scope | undefined,
  D extends Depth,
  Tables extends object,
  Open extends boolean,
> =
  Expression<
    { tables: Tables; open: true; grouped: true; aliases: never; outer: Outer; relations: Relations },
    T,
    AnyOperator,
    D
  > extends [unknown, infer Rest extends string[]]
    ? Behind<Relations, Rest, Outer, D, Tables, Open>
    : never;

type TableOf<
  Relations extends object,
  T extends string[],
  Outer extends Scope | undefined,
  D extends Depth,
> = T extends [infer Head extends string, ...infer Rest extends string[]]
  ? Head extends '('
    ? Group<Rest> extends [infer Inside extends string[], infer After extends string[]]
      ? Inside extends [infer Word extends string, ...string[]]
        ? Lowercase<Word> extends 'select' | 'with'
          ? Deeper[D] extends infer Next extends Depth
            ? QueryOf<Relations, Inside, Outer, Next> extends infer R
              ? R extends SqlError
                ? R
                : Aliased<After, '(', RelationOf<R>, R>
              : never
            : Untyped
          : Untyped
        : Untyped
      : never
    : Head extends "'"
      ? Aliased<Rest, '(', Untyped>
      : Lowercase<Head> extends 'lateral' | 'values' | 'unnest'
        ? Untyped
        : Rest extends ['(', ...infer Inside extends string[]]
          ? Aliased<Group<Inside>[1], '(', Untyped>
          : Head extends `${string}.${string}`
            ? Aliased<Rest, '(', Untyped>
            : Plain<Head> extends infer Name extends string
              ? KeyLike<Relations, Name> extends infer K
                ? [K] extends [never]
                  ? SqlError<`no table '${Name}'`>
                  : K extends keyof Relations
                    ? Aliased<Rest, Name, Relations[K]>
                    : never
                : never
              : never
  : Untyped;

type Plain<Name extends string> = Name extends `"${infer Quoted}` ? Quoted : Name;

/** The table's alias, and what it calls the columns of a query; those of other tables are not worked out then. */
type Aliased<T extends string[], Name extends string, Columns, Query = Untyped> = T extends [
  infer Word extends string,
  ...infer Rest extends string[],
]
  ? Lowercase<Word> extends 'as'
    ? Rest extends [infer Alias extends string, ...infer After extends string[]]
      ? Renamed<After, Plain<Alias>, Columns, Query>
      : Untyped
    : Lowercase<Word> extends JoinWord | Clause | ',' | 'on' | 'using'
      ? TableResult<Name, Columns, T>
      : Lowercase<Word> extends 'tablesample' | 'pivot' | 'unpivot' | '(' | 'at' | 'for'
        ? Untyped
        : Renamed<Rest, Plain<Word>, Columns, Query>
  : TableResult<Name, Columns, []>;

type Renamed<T extends string[], Alias extends string, Columns, Query> = T extends [
  '(',
  ...infer Inside extends string[],
]
  ? Group<Inside> extends [infer Names extends string[], infer After extends string[]]
    ? TableResult<Alias, Query extends QueryResult ? RelationOf<WithNames<Query['list'], Names>> : Untyped, After>
    : never
  : TableResult<Alias, Columns, T>;
