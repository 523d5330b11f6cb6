import type { Brand } from '../common/brand.ts';
import type { Span } from '../common/errors.ts';
import { BOOLEAN, type DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';

/** Names one column of one plan: unique in the whole plan, so that moving a node never renumbers anything. */
export type ColumnId = Brand<number, 'ColumnId'>;

/**
 * An expression whose names, types and overloads are settled; plain JSON-safe data.
 * `Ref` is how it names its inputs: by `ColumnId` in logical plans, by position in physical ones.
 *
 * - Calls hold the function's name and the key of the overload; code is found by these two (see `functions/registry`).
 * - `and`, `or`, `case`, `coalesce` are kinds of their own because they evaluate their arguments on some rows only:
 *   an argument that can fail runs just where the ones before it left the answer open.
 * - Three-valued logic throughout; `in` follows SQL (NULL among the items makes a miss unknown).
 */
export type ExprOf<Ref> =
  | Ref
  | LiteralExpr
  | CallOf<Ref>
  | {
      readonly kind: 'cast';
      readonly input: ExprOf<Ref>;
      readonly type: DataType;
      readonly try: boolean;
      readonly span?: Span | undefined;
    }
  | { readonly kind: 'and' | 'or'; readonly args: readonly ExprOf<Ref>[] } // two or more, boolean
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: ExprOf<Ref>; readonly result: ExprOf<Ref> }[]; // `when` is boolean
      readonly otherwise: ExprOf<Ref>;
      readonly type: DataType;
    }
  | { readonly kind: 'coalesce'; readonly args: readonly ExprOf<Ref>[]; readonly type: DataType }
  /** `input IN (constants)`, all of the input's type. */
  | { readonly kind: 'in'; readonly input: ExprOf<Ref>; readonly items: readonly Scalar[]; readonly negated: boolean };

export type LiteralExpr = { readonly kind: 'literal'; readonly value: Scalar };

export type CallOf<Ref> = {
  readonly kind: 'call';
  readonly fn: string;
  readonly overload: string;
  readonly args: readonly ExprOf<Ref>[];
  readonly type: DataType;
  readonly span?: Span | undefined;
};

export type ColumnRef = { readonly kind: 'column'; readonly id: ColumnId; readonly type: DataType };
/** A column of the operator's input batch, by position. */
export type InputRef = { readonly kind: 'input'; readonly index: number; readonly type: DataType };

export type BoundExpr = ExprOf<ColumnRef>;
export type PhysicalExpr = ExprOf<InputRef>;

/** An aggregate over a group's rows. `filter` chooses the rows, then `distinct` drops repeated arguments. */
export type AggregateOf<Ref> = {
  readonly fn: string;
  readonly overload: string;
  readonly args: readonly ExprOf<Ref>[]; // empty for count(*)
  readonly distinct: boolean;
  readonly filter?: ExprOf<Ref> | undefined;
  readonly orderBy?: readonly SortKeyOf<Ref>[] | undefined;
  readonly type: DataType;
  /** `fn` gives NULL for a group without rows (sum, min) or not (count). */
  readonly nullable: boolean;
};
export type BoundAggregate = AggregateOf<ColumnRef>;
export type PhysicalAggregate = AggregateOf<InputRef>;

export type SortKeyOf<Ref> = { readonly expr: ExprOf<Ref>; readonly descending: boolean; readonly nullsFirst: boolean };
export type BoundSortKey = SortKeyOf<ColumnRef>;
export type PhysicalSortKey = SortKeyOf<InputRef>;

/** The type of an expression's value. */
export function typeOf(expr: ExprOf<ColumnRef | InputRef>): DataType {
  switch (expr.kind) {
    case 'literal':
      return expr.value.type;
    case 'and':
    case 'or':
    case 'in':
      return BOOLEAN;
    default:
      return expr.type;
  }
}
