import { type Expr, type FrameBound, OPERATORS, type SortKey, type WindowSpec } from '../../query/expr.ts';
import { typeRefText } from '../../query/type-ref-text.ts';
import { explainScalar } from '../../types/explain-scalar.ts';
import { formatRaw } from '../../types/format-raw.ts';
import { scalarToRaw } from '../../types/raw-value.ts';
import type { Scalar } from '../../types/scalar.ts';
import { typeName } from '../../types/type-name.ts';

const INFIX: ReadonlySet<string> = new Set(OPERATORS.infix);
const POSTFIX: ReadonlySet<string> = new Set(OPERATORS.postfix);

/** The name of a result column without an alias: a column's own name, else the expression's text as DuckDB prints it. */
export function columnName(expr: Expr): string {
  switch (expr.kind) {
    case 'name':
      return expr.path.at(-1)!;
    case 'field':
      return expr.name;
    default:
      return textOf(expr);
  }
}

/** The index of the column that a positional reference names, from 0: `#1` is 0. */
export function positionOf(expr: Expr): number | undefined {
  if (expr.kind !== 'call' || expr.fn !== '#') return undefined;
  const [position] = expr.args;
  return position?.kind === 'literal' ? Number(position.value.value) - 1 : undefined;
}

function textOf(expr: Expr): string {
  const list = (items: readonly Expr[]) => items.map(textOf).join(', ');
  switch (expr.kind) {
    case 'name':
      return expr.path.join('.');
    case 'field':
      return `${textOf(expr.input)}.${expr.name}`;
    case 'literal':
      return literalText(expr.value);
    case 'parameter':
      return `$${expr.name}`;
    case 'call': {
      const [left, right] = expr.args;
      if (left !== undefined && right !== undefined && expr.args.length === 2 && INFIX.has(expr.fn)) {
        return `(${textOf(left)} ${expr.fn.toUpperCase()} ${textOf(right)})`;
      }
      if (left !== undefined && expr.args.length === 1) {
        if (POSTFIX.has(expr.fn)) return `(${textOf(left)} ${expr.fn.toUpperCase()})`;
        if (expr.fn === 'not') return `(NOT ${textOf(left)})`;
        if (expr.fn === 'negate') return `-${textOf(left)}`;
        if (expr.fn === '#') return `#${textOf(left)}`;
      }
      if (expr.fn === 'count' && expr.args.length === 0 && expr.over === undefined) return 'count_star()';
      const filter = expr.filter === undefined ? '' : ` FILTER (WHERE ${textOf(expr.filter)})`;
      const named = Object.entries(expr.named ?? {}).map(([name, value]) => `${name} := ${textOf(value)}`);
      const args = [...expr.args.map(textOf), ...named].join(', ');
      const inner = [`${expr.distinct ? 'DISTINCT ' : ''}${args}`];
      if (expr.over !== undefined && expr.orderBy !== undefined) inner.push(`ORDER BY ${keysText(expr.orderBy)}`);
      if (expr.nulls !== undefined) inner.push(`${expr.nulls.toUpperCase()} NULLS`);
      const over = expr.over === undefined ? '' : ` OVER ${windowText(expr.over)}`;
      const schema = (expr.qualifier ?? []).map(part => `${part}.`).join('');
      return `${schema}${expr.fn}(${inner.join(' ').trim()})${filter}${over}`;
    }
    case 'cast': {
      const type = typeRefText(expr.type, name => name);
      return `${expr.try ? 'TRY_CAST' : 'CAST'}(${textOf(expr.input)} AS ${type})`;
    }
    case 'case': {
      const operand = expr.operand === undefined ? ' ' : ` ${textOf(expr.operand)}`;
      const branches = expr.branches.map(c => ` WHEN (${textOf(c.when)}) THEN (${textOf(c.result)})`).join('');
      return `CASE ${operand}${branches} ELSE ${expr.otherwise === undefined ? 'NULL' : textOf(expr.otherwise)} END`;
    }
    case 'between': {
      const text = `(${textOf(expr.input)} BETWEEN ${textOf(expr.low)} AND ${textOf(expr.high)})`;
      return expr.negated ? `(NOT ${text})` : text;
    }
    case 'in-list':
      return `(${textOf(expr.input)} ${expr.negated ? 'NOT IN' : 'IN'} (${list(expr.items)}))`;
    case 'row':
      return `(${list(expr.items)})`;
    case 'struct':
      return `{${expr.fields.map(f => `'${f.name}': ${textOf(f.value)}`).join(', ')}}`;
    case 'collate':
      return textOf(expr.input);
    case 'lambda':
      return `(lambda ${expr.params.join(', ')}: ${textOf(expr.body)})`;
    case 'star':
      return '*';
    case 'columns':
      return `COLUMNS(${textOf(expr.pattern)})`;
    case 'in-query':
      return `(${textOf(expr.input)} ${expr.negated ? 'NOT IN' : 'IN'} (subquery))`;
    case 'exists':
      return 'EXISTS(subquery)';
    case 'scalar-query':
      return '(subquery)';
    case 'quantified':
      return `(${textOf(expr.input)} ${expr.op} ${expr.quantifier.toUpperCase()}(subquery))`;
  }
}

/** A constant as SQL; what has no literal of its own is a text that is cast. */
function literalText(value: Scalar): string {
  const isCast = ['timestamp', 'time', 'interval', 'date'].includes(value.type.kind) && value.value !== null;
  if (!isCast) return explainScalar(value);
  return `CAST('${formatRaw(value.type, scalarToRaw(value))}' AS ${typeName(value.type)})`;
}

const keysText = (keys: readonly SortKey[]): string =>
  keys
    .map(({ expr, direction, nulls }) => {
      const order = direction === undefined ? '' : ` ${direction.toUpperCase()}`;
      return `${textOf(expr)}${order}${nulls === undefined ? '' : ` NULLS ${nulls.toUpperCase()}`}`;
    })
    .join(', ');

/** What follows OVER. */
function windowText(over: WindowSpec | string): string {
  if (typeof over === 'string') return over;
  const { base, partitionBy, orderBy, frame } = over;
  const parts = base === undefined ? [] : [base];
  if (partitionBy !== undefined) parts.push(`PARTITION BY ${partitionBy.map(textOf).join(', ')}`);
  if (orderBy !== undefined) parts.push(`ORDER BY ${keysText(orderBy)}`);
  if (frame !== undefined) {
    const bound = (b: FrameBound): string => {
      const kind = b.kind.replace('-', ' ').toUpperCase();
      return 'offset' in b ? `${textOf(b.offset)} ${kind}` : kind;
    };
    parts.push(`${frame.unit.toUpperCase()} BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}`);
    if (frame.exclude !== undefined) parts.push(`EXCLUDE ${frame.exclude.replace('-', ' ').toUpperCase()}`);
  }
  return `(${parts.join(' ')})`;
}
