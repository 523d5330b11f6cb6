import type { SelectItem } from '../../query/query.ts';
import type { Binder } from '../binder.ts';
import type { Scope } from '../scope.ts';
import { expandColumns } from './bind-columns.ts';
import { expandStar, type Item } from './bind-star.ts';
import { columnName, positionOf } from './column-name.ts';

/** Spells out `*`, `t.*` and COLUMNS(…). */
export function expandItems(b: Binder, items: readonly SelectItem[], scope: Scope): readonly Item[] {
  return items.flatMap((item): readonly Item[] => {
    const { expr, alias } = item;
    if (expr.kind === 'star') return expandStar(expr, scope, expr.span);
    const position = positionOf(expr);
    const column = position === undefined ? undefined : scope.columns[position];
    if (column !== undefined) return [{ name: alias ?? column.name, alias, expr }];
    const expanded = expandColumns(b, expr, scope);
    if (expanded === undefined) return [{ name: alias ?? columnName(expr), alias, expr }];
    return expanded.map(({ expr, match }) => {
      const name = alias === undefined ? match.name : alias.replace(/\\(\d)/g, (_, n) => match.groups[Number(n)] ?? '');
      return { name, alias: alias === undefined ? undefined : name, expr };
    });
  });
}
