import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import type { Column, ProjectColumn } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { GroupBy, GroupingElement } from '../../query/query.ts';
import { type Binder, bindError } from '../binder.ts';
import type { ExprEnv } from '../env.ts';
import { isAlias } from '../exprs/bind-name.ts';
import type { Item } from '../exprs/bind-star.ts';
import { collated } from '../exprs/collation.ts';
import { nullable } from '../nullability.ts';
import { sameName } from '../scope.ts';

/** What GROUP BY says, bound: the distinct keys, and which of them each grouping set has. */
export type Grouping = {
  readonly keys: readonly ProjectColumn[];
  /** Keys that are what values with a collation are compared by: of the values themselves a group shows one. */
  readonly shown?: readonly { readonly key: Column; readonly value: BoundExpr }[] | undefined;
  /** Absent: one set with all keys. */
  readonly sets?: readonly (readonly number[])[] | undefined;
};

/** More grouping sets than this are a slip (CUBE of many columns doubles them with each). */
const MAX_SETS = 4096;

/** An item of the SELECT list, bound, as GROUP BY may name it. */
export type GroupItem = {
  readonly name: string;
  readonly alias?: string | undefined;
  readonly expr: BoundExpr;
  readonly isAggregate: boolean;
  /** Reads a window function, which is computed above the groups. */
  readonly isWindow: boolean;
  /** Moves the joins of the item's subqueries below the grouping. */
  readonly moveJoins: () => void;
};

/** Whether GROUP BY has sets that may lack a key: such a key is NULL in their rows. */
export const hasGroupingSets = (groupBy: GroupBy | undefined): boolean =>
  groupBy !== undefined &&
  groupBy.kind !== 'all' &&
  !groupBy.elements.every(e => e.kind === 'expr' || e.kind === 'set');

/** Binds GROUP BY: its elements are expressions over the input, or items of the SELECT list by number or alias. */
export function bindGroupBy(b: Binder, env: ExprEnv, groupBy: GroupBy, items: readonly GroupItem[]): Grouping {
  const keys = new Keys(b);
  if (groupBy.kind === 'all') {
    for (const item of items) if (!item.isAggregate && !item.isWindow) keys.add(item.name, itemKey(env, item), true);
    return { keys: keys.columns, shown: keys.shown };
  }
  const single = !hasGroupingSets(groupBy);
  const aliased = (name: string) => items.find(i => i.alias !== undefined && sameName(i.alias, name));
  /** A bare name is a column first, then an alias. */
  const aliasedBy = (expr: Expr): GroupItem | undefined => {
    if (expr.kind !== 'name') return undefined;
    if (isAlias(expr.path) && expr.path.length === 2) return aliased(expr.path[1]!);
    if (expr.path.length !== 1) return undefined;
    const name = expr.path[0]!;
    return env.scope.columns.some(c => sameName(c.name, name)) ? undefined : aliased(name);
  };
  const withAliases: ExprEnv = {
    ...env,
    aliases: name => {
      const item = aliased(name);
      return item && itemKey(env, item);
    },
  };
  const keyOf = (expr: Expr): number => {
    const item = itemAt(expr, items) ?? aliasedBy(expr);
    if (item !== undefined) return keys.add(item.name, itemKey(env, item, expr), single);
    const name = expr.kind === 'name' ? expr.path.at(-1)! : 'key';
    return keys.add(name, b.expr(b, withAliases, expr), single);
  };
  let sets: readonly (readonly number[])[] = [[]];
  for (const element of groupBy.elements) {
    const options = setsOf(element, keyOf);
    sets = sets.flatMap(s => options.map(o => [...new Set([...s, ...o])]));
    if (sets.length > MAX_SETS) throw bindError(`GROUP BY has more than ${MAX_SETS} grouping sets`);
  }
  const { columns, shown } = keys;
  return single ? { keys: columns, shown } : { keys: columns, shown, sets };
}

function itemKey(env: ExprEnv, item: GroupItem, at?: Expr | undefined): BoundExpr {
  if (item.isAggregate) throw bindError(`${env.clause} cannot contain aggregates!`, at?.span);
  if (item.isWindow) throw bindError(`${env.clause} cannot contain window functions!`, at?.span);
  item.moveJoins();
  return item.expr;
}

/** Binds an item of the SELECT list in some place of the query. */
export const bindItem = (b: Binder, env: ExprEnv, item: Item): BoundExpr =>
  item.expr === undefined ? b.ref(item.column.column, item.span) : b.expr(b, env, item.expr);

function itemAt(expr: Expr, items: readonly GroupItem[]): GroupItem | undefined {
  const ordinal = ordinalOf(expr);
  if (ordinal === undefined) return undefined;
  const item = items[ordinal - 1];
  if (item !== undefined) return item;
  throw bindError(`GROUP BY term out of range - should be between 1 and ${items.length}`, expr.span);
}

/** The value of a plain integer constant: in GROUP BY and ORDER BY it counts the SELECT list's items. */
export function ordinalOf(expr: Expr): number | undefined {
  if (expr.kind === 'call' && expr.fn === 'negate' && expr.args.length === 1) {
    const value = ordinalOf(expr.args[0]!);
    return value === undefined ? undefined : -value;
  }
  return expr.kind === 'literal' && expr.value.type.kind === 'int' && expr.value.value !== null
    ? Number(expr.value.value)
    : undefined;
}

function setsOf(element: GroupingElement, keyOf: (e: Expr) => number): readonly (readonly number[])[] {
  switch (element.kind) {
    case 'expr':
      // (a, b) in brackets is two keys.
      return element.expr.kind === 'row' ? [element.expr.items.map(keyOf)] : [[keyOf(element.expr)]];
    case 'set':
      return [element.exprs.map(keyOf)];
    case 'rollup': {
      const parts = element.sets.map(s => s.map(keyOf));
      return [...parts.keys(), parts.length].reverse().map(n => parts.slice(0, n).flat());
    }
    case 'cube': {
      const parts = element.sets.map(s => s.map(keyOf));
      if (parts.length > 12) throw bindError(`CUBE of ${parts.length} expressions has too many grouping sets`);
      return Array.from({ length: 2 ** parts.length }, (_, mask) =>
        parts.filter((_p, i) => ((mask >> (parts.length - 1 - i)) & 1) === 0).flat(),
      );
    }
    case 'grouping-sets':
      return element.elements.flatMap(e => setsOf(e, keyOf));
  }
}

/** The keys met so far; equal expressions are one key. */
class Keys {
  readonly #b: Binder;
  readonly columns: ProjectColumn[] = [];
  readonly shown: { readonly key: Column; readonly value: BoundExpr }[] = [];
  readonly #byText = new Map<string, number>();

  constructor(b: Binder) {
    this.#b = b;
  }

  /** `pass`: a column keeps its id, which it cannot where some grouping set makes it NULL. */
  add(name: string, value: BoundExpr, pass: boolean): number {
    const expr = collated(this.#b, value);
    const text = exprKey(expr);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const column: Column =
      pass && expr.kind === 'column'
        ? this.#b.column(expr.id)
        : this.#b.newColumn(name, typeOf(expr), !pass || nullable(this.#b, expr));
    this.columns.push({ column, expr });
    if (expr !== value) this.shown.push({ key: column, value });
    this.#byText.set(text, this.columns.length - 1);
    return this.columns.length - 1;
  }
}
