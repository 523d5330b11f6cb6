import { assertNever } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { GroupBy, GroupingElement, LimitClause, SelectQuery } from '../../src/query/query.ts';
import { quoteName } from './keywords.ts';
import { exprText, type PrintQuery, sortKeyText, windowText } from './print-expr.ts';
import { fromText } from './print-from.ts';

/** Prints SELECT with its clauses. */
export function selectText(q: SelectQuery, printQuery: PrintQuery): string {
  const expr = (e: Expr): string => exprText(e, printQuery);
  const parts = [selectListText(q, printQuery)];
  if (q.from !== undefined) parts.push(`FROM ${fromText(q.from, printQuery)}`);
  if (q.where !== undefined) parts.push(`WHERE ${expr(q.where)}`);
  if (q.groupBy !== undefined) parts.push(`GROUP BY ${groupByText(q.groupBy, printQuery)}`);
  if (q.having !== undefined) parts.push(`HAVING ${expr(q.having)}`);
  if (q.windows !== undefined) {
    parts.push(`WINDOW ${q.windows.map(w => `${quoteName(w.name)} AS ${windowText(w.spec, printQuery)}`).join(', ')}`);
  }
  if (q.qualify !== undefined) parts.push(`QUALIFY ${expr(q.qualify)}`);
  if (q.orderBy !== undefined) parts.push(`ORDER BY ${q.orderBy.map(key => sortKeyText(key, printQuery)).join(', ')}`);
  if (q.limit !== undefined) parts.push(limitText(q.limit, printQuery));
  return parts.join(' ');
}

/** `SELECT DISTINCT a, b AS c` */
export function selectListText({ distinct, items }: SelectQuery, printQuery: PrintQuery): string {
  const on =
    distinct === undefined || distinct === true ? '' : ` ON (${distinct.map(e => exprText(e, printQuery)).join(', ')})`;
  const list = items.map(
    ({ expr, alias }) => exprText(expr, printQuery) + (alias === undefined ? '' : ` AS ${quoteName(alias)}`),
  );
  return `SELECT ${distinct === undefined ? '' : `DISTINCT${on} `}${list.join(', ')}`;
}

/** `LIMIT 10 OFFSET 5`; LIMIT ALL when it says nothing. */
export function limitText({ count, offset, percent, ties }: LimitClause, printQuery: PrintQuery): string {
  const parts: string[] = [];
  if (count !== undefined && ties) {
    // In parentheses, since ROW and ROWS are words of FETCH.
    parts.push(`FETCH FIRST (${exprText(count, printQuery)}) ${percent ? 'PERCENT ' : ''}ROWS WITH TIES`);
  } else if (count !== undefined) parts.push(`LIMIT ${exprText(count, printQuery)}${percent ? ' PERCENT' : ''}`);
  if (offset !== undefined) parts.push(`OFFSET ${exprText(offset, printQuery)}`);
  return parts.length === 0 ? 'LIMIT ALL' : parts.join(' ');
}

function groupByText(g: GroupBy, printQuery: PrintQuery): string {
  return g.kind === 'all' ? 'ALL' : g.elements.map(e => elementText(e, printQuery)).join(', ');
}

function elementText(e: GroupingElement, printQuery: PrintQuery): string {
  const tuple = (exprs: readonly Expr[]): string => `(${exprs.map(x => exprText(x, printQuery)).join(', ')})`;
  switch (e.kind) {
    case 'expr':
      return exprText(e.expr, printQuery);
    case 'set':
      return tuple(e.exprs);
    case 'rollup':
    case 'cube': {
      const sets = e.sets.map(set => (set.length === 1 ? exprText(set[0]!, printQuery) : tuple(set)));
      return `${e.kind.toUpperCase()} (${sets.join(', ')})`;
    }
    case 'grouping-sets':
      return `GROUPING SETS (${e.elements.map(inner => elementText(inner, printQuery)).join(', ')})`;
    default:
      return assertNever(e);
  }
}
