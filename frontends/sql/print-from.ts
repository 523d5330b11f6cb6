import type { Expr, NamedType } from '../../src/query/expr.ts';
import type { JoinCondition, JoinQuery, PivotQuery, Query, SampleQuery, UnpivotQuery } from '../../src/query/query.ts';
import { quoteName, RESERVED } from './keywords.ts';
import { quoteText } from './literal.ts';
import { LEVEL } from './precedence.ts';
import { exprText, type PrintQuery, pathText, tableArgumentsText } from './print-expr.ts';

const JOINS: Readonly<Record<JoinQuery['type'], string>> = {
  inner: 'JOIN',
  left: 'LEFT JOIN',
  right: 'RIGHT JOIN',
  full: 'FULL JOIN',
  semi: 'SEMI JOIN',
  anti: 'ANTI JOIN',
  cross: 'CROSS JOIN',
  asof: 'ASOF JOIN',
  'asof-left': 'ASOF LEFT JOIN',
  'asof-right': 'ASOF RIGHT JOIN',
  'asof-full': 'ASOF FULL JOIN',
  'asof-semi': 'ASOF SEMI JOIN',
  'asof-anti': 'ASOF ANTI JOIN',
  positional: 'POSITIONAL JOIN',
};

/** The kinds that FROM can hold without parentheses. */
export function isFromItem(q: Query): boolean {
  return ['table', 'relation', 'table-function', 'alias', 'join', 'lateral', 'sample'].includes(q.kind);
}

/** Prints what stands after FROM. */
export function fromText(q: Query, printQuery: PrintQuery): string {
  // As a clause, since DuckDB's statement knows no INCLUDE NULLS.
  return q.kind === 'unpivot' ? unpivotClause(q, printQuery) : itemsText(q, printQuery);
}

function itemsText(q: Query, printQuery: PrintQuery): string {
  return q.kind === 'join' ? `${itemsText(q.left, printQuery)} ${joinText(q, printQuery)}` : itemText(q, printQuery);
}

/** Prints one item of FROM: joins and queries in parentheses. */
export function itemText(q: Query, printQuery: PrintQuery): string {
  switch (q.kind) {
    case 'table':
      return pathText(q.path);
    case 'relation':
      return `@${q.id}`;
    case 'table-function': {
      const call = `${functionText(q.name)}(${tableArgumentsText(q.args, q.named, printQuery)})`;
      return q.ordinality ? `${call} WITH ORDINALITY` : call;
    }
    case 'lateral': {
      const isNamed = q.input.kind === 'table' || q.input.kind === 'table-function';
      return `LATERAL ${isNamed ? itemText(q.input, printQuery) : inParentheses(q.input, printQuery)}`;
    }
    case 'alias': {
      const isAtom = ['table', 'relation', 'table-function', 'lateral'].includes(q.input.kind);
      const input = isAtom ? itemText(q.input, printQuery) : inParentheses(q.input, printQuery);
      return `${input} ${aliasText(q)}`;
    }
    case 'sample': {
      const input = q.input.kind === 'sample' ? inParentheses(q.input, printQuery) : itemText(q.input, printQuery);
      return `${input} ${sampleText(q, printQuery)}`;
    }
    default:
      return inParentheses(q, printQuery);
  }
}

function inParentheses(q: Query, printQuery: PrintQuery): string {
  return `(${isFromItem(q) ? fromText(q, printQuery) : printQuery(q)})`;
}

/** Function names in FROM are read in lower case, with dots between their parts. */
function functionText(name: string): string {
  const part = (text: string): string =>
    /^[a-z_][a-z0-9_]*$/.test(text) && !RESERVED.has(text) ? text : `"${text.replaceAll('"', '""')}"`;
  return name.split('.').map(part).join('.');
}

/** `AS t(a, b)` */
export function aliasText({
  name,
  columns,
}: {
  readonly name: string;
  readonly columns?: readonly string[] | undefined;
}): string {
  return `AS ${quoteName(name)}${columns === undefined ? '' : `(${columns.map(quoteName).join(', ')})`}`;
}

/** `LEFT JOIN t ON …`: a join without its left side. */
export function joinText(q: JoinQuery, printQuery: PrintQuery): string {
  const natural = q.on?.kind === 'natural' ? 'NATURAL ' : '';
  const condition = q.on === undefined || q.on.kind === 'natural' ? '' : ` ${conditionText(q.on, printQuery)}`;
  const suffix = q.suffix === undefined ? '' : ` SUFFIX ${quoteText(q.suffix)}`;
  return `${natural}${JOINS[q.type]} ${itemText(q.right, printQuery)}${condition}${suffix}`;
}

function conditionText(on: Exclude<JoinCondition, { readonly kind: 'natural' }>, printQuery: PrintQuery): string {
  switch (on.kind) {
    case 'on':
      return `ON ${exprText(on.predicate, printQuery)}`;
    case 'using':
      return `USING (${on.columns.map(quoteName).join(', ')})`;
    case 'pairs': {
      const pairs = on.pairs.map(([left, right]) => `${quoteName(left)} = ${quoteName(right)}`);
      return `USING (${pairs.join(', ')})${on.nullsEqual ? ' NULLS EQUAL' : ''}`;
    }
    case 'predicate':
      return `ON lambda ${quoteName(on.left)}, ${quoteName(on.right)}: ${exprText(on.predicate, printQuery)}`;
  }
}

/** `TABLESAMPLE reservoir(10 ROWS) REPEATABLE (42)` */
export function sampleText({ size, unit, method, seed }: SampleQuery, printQuery: PrintQuery): string {
  const amount = `(${exprText(size, printQuery, LEVEL.primary)} ${unit.toUpperCase()})`;
  return `TABLESAMPLE ${method ?? ''}${amount}${seed === undefined ? '' : ` REPEATABLE (${seed})`}`;
}

type Aliased = { readonly expr: Expr; readonly alias?: string | undefined };

/** `PIVOT t ON a IN (1, 2) USING sum(x) AS s GROUP BY k` */
export function pivotText({ input, on, using, groupBy }: PivotQuery, printQuery: PrintQuery): string {
  const aliased = (items: readonly Aliased[]): string =>
    items
      .map(({ expr, alias }) => exprText(expr, printQuery) + (alias === undefined ? '' : ` AS ${quoteName(alias)}`))
      .join(', ');
  // A lone query among the values takes a comma, which tells it from IN (query).
  const inText = (values: readonly Aliased[] | Query | NamedType): string => {
    if ('kind' in values) return values.kind === 'named' ? quoteName(values.name) : `(${printQuery(values)})`;
    const isLoneQuery =
      values.length === 1 && values[0]!.expr.kind === 'scalar-query' && values[0]!.alias === undefined;
    return `(${aliased(values)}${isLoneQuery ? ',' : ''})`;
  };
  const parts = [`PIVOT ${itemText(input, printQuery)}`];
  const elements = on.map(element => {
    const values = element.in === undefined ? '' : ` IN ${inText(element.in)}`;
    return groupText(element.exprs, printQuery, LEVEL.operator) + values;
  });
  if (elements.length > 0) parts.push(`ON ${elements.join(', ')}`);
  if (using.length > 0) parts.push(`USING ${aliased(using)}`);
  if (groupBy !== undefined) parts.push(`GROUP BY ${groupBy.map(e => exprText(e, printQuery)).join(', ')}`);
  return parts.join(' ');
}

function groupText(exprs: readonly Expr[], printQuery: PrintQuery, level: number): string {
  const texts = exprs.map(e => exprText(e, printQuery, exprs.length === 1 ? level : LEVEL.lambda));
  return exprs.length === 1 ? texts[0]! : `(${texts.join(', ')})`;
}

/** `UNPIVOT INCLUDE NULLS t ON a, (b, c) AS d INTO NAME n VALUE v, w` */
export function unpivotText({ input, on, name, values, includeNulls }: UnpivotQuery, printQuery: PrintQuery): string {
  const into = `INTO NAME ${quoteName(name)} VALUE ${values.map(quoteName).join(', ')}`;
  const nulls = includeNulls ? 'INCLUDE NULLS ' : '';
  return `UNPIVOT ${nulls}${itemText(input, printQuery)} ON ${unpivoted(on, printQuery)} ${into}`;
}

/** `t UNPIVOT INCLUDE NULLS (v FOR n IN (a, b))` */
function unpivotClause({ input, on, name, values, includeNulls }: UnpivotQuery, printQuery: PrintQuery): string {
  const columns = values.length === 1 ? quoteName(values[0]!) : `(${values.map(quoteName).join(', ')})`;
  const nulls = includeNulls ? 'INCLUDE NULLS ' : '';
  const inside = `${columns} FOR ${quoteName(name)} IN (${unpivoted(on, printQuery)})`;
  return `${itemText(input, printQuery)} UNPIVOT ${nulls}(${inside})`;
}

function unpivoted(groups: UnpivotQuery['on'], printQuery: PrintQuery): string {
  return groups
    .map(
      ({ exprs, alias }) =>
        groupText(exprs, printQuery, LEVEL.lambda) + (alias === undefined ? '' : ` AS ${quoteName(alias)}`),
    )
    .join(', ');
}
