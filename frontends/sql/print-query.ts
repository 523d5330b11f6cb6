import { assertNever } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import type { Query, SetQuery, WithClause } from '../../src/query/query.ts';
import { quoteName } from './keywords.ts';
import { quoteText } from './literal.ts';
import { exprText, pathText, sortKeyText } from './print-expr.ts';
import { aliasText, fromText, isFromItem, joinText, pivotText, sampleText, unpivotText } from './print-from.ts';
import { limitText, selectListText, selectText } from './print-select.ts';

const expr = (e: Expr): string => exprText(e, queryText);
const list = (items: readonly Expr[]): string => items.map(expr).join(', ');
const names = (columns: readonly string[]): string => columns.map(quoteName).join(', ');
const named = (items: readonly { readonly name: string; readonly expr: Expr }[]): string =>
  items.map(item => `${expr(item.expr)} AS ${quoteName(item.name)}`).join(', ');

/** Prints a query as SQL that reads back as the same query; verbs that SELECT lacks are pipe steps. */
export function queryText(q: Query): string {
  const step = stepText(q);
  if (step !== undefined) return `${pipeInputText(step.input)} |> ${step.text}`;
  switch (q.kind) {
    case 'table':
      return `TABLE ${pathText(q.path)}`;
    case 'relation':
    case 'table-function':
    case 'lateral':
      return `TABLE ${fromText(q, queryText)}`;
    case 'values':
      return `VALUES ${q.rows.map(row => `(${list(row)})`).join(', ')}`;
    case 'select':
      return selectText(q, queryText);
    case 'sort':
      return `${operandText(q.input, 0)} ORDER BY ${q.keys.map(key => sortKeyText(key, queryText)).join(', ')}`;
    case 'limit':
      return `${q.input.kind === 'sort' ? queryText(q.input) : operandText(q.input, 0)} ${limitText(q, queryText)}`;
    case 'set-op':
      return `${operandText(q.left, SET_LEVELS[q.op])} ${setOperator(q)} ${operandText(q.right, SET_LEVELS[q.op] + 1)}`;
    case 'with':
      return withText(q);
    case 'pivot':
      return pivotText(q, queryText);
    case 'unpivot':
      return unpivotText(q, queryText);
    case 'describe':
    case 'summarize':
      return `${q.kind.toUpperCase()} ${queryText(q.input)}`;
    case 'show':
      return showText(q);
    case 'alias':
    case 'join':
    case 'sample':
    case 'filter':
    case 'extend':
    case 'drop':
    case 'rename':
    case 'aggregate':
    case 'distinct':
    case 'unnest': {
      const { input, text } = verbText(q);
      return `${pipeInputText(input)} |> ${text}`;
    }
    default:
      return assertNever(q);
  }
}

type Step = { readonly input: Query; readonly text: string };

/** Whether the query prints with pipe steps, so that what works on it is best a further step. */
const isPiped = (q: Query): boolean => stepInput(q) !== undefined;

/** The query's input, if the query prints as a step on it. */
function stepInput(q: Query): Query | undefined {
  switch (q.kind) {
    case 'filter':
    case 'extend':
    case 'drop':
    case 'rename':
    case 'aggregate':
    case 'distinct':
    case 'unnest':
      return q.input;
    case 'alias':
    case 'sample':
    case 'sort':
    case 'limit':
      return isPiped(q.input) ? q.input : undefined;
    case 'join':
    case 'set-op':
      return isPiped(q.left) ? q.left : undefined;
    case 'select': {
      const { from, where, groupBy, having, windows, qualify, orderBy, limit } = q;
      const isBare = [where, groupBy, having, windows, qualify, orderBy, limit].every(clause => clause === undefined);
      return from !== undefined && isBare && isPiped(from) ? from : undefined;
    }
    default:
      return undefined;
  }
}

function stepText(q: Query): Step | undefined {
  const input = stepInput(q);
  if (input === undefined) return undefined;
  switch (q.kind) {
    case 'sort':
      return { input, text: `ORDER BY ${q.keys.map(key => sortKeyText(key, queryText)).join(', ')}` };
    case 'limit':
      return { input, text: limitText(q, queryText) };
    case 'set-op':
      return { input, text: `${setOperator(q)} (${queryText(q.right)})` };
    case 'select':
      return { input, text: selectListText(q, queryText) };
    default:
      return verbText(q as Verb);
  }
}

type VerbKind =
  | 'alias'
  | 'join'
  | 'sample'
  | 'filter'
  | 'extend'
  | 'drop'
  | 'rename'
  | 'aggregate'
  | 'distinct'
  | 'unnest';
type Verb = Extract<Query, { readonly kind: VerbKind }>;

function verbText(q: Verb): Step {
  switch (q.kind) {
    case 'alias':
      return { input: q.input, text: aliasText(q) };
    case 'join':
      return { input: q.left, text: joinText(q, queryText) };
    case 'sample':
      return { input: q.input, text: sampleText(q, queryText) };
    case 'filter':
      return { input: q.input, text: `WHERE ${expr(q.predicate)}` };
    case 'extend':
      return { input: q.input, text: `EXTEND OR REPLACE ${named(q.columns)}` };
    case 'drop':
      return { input: q.input, text: `DROP ${names(q.columns)}` };
    case 'rename':
      return {
        input: q.input,
        text: `RENAME ${q.columns.map(c => `${quoteName(c.from)} AS ${quoteName(c.to)}`).join(', ')}`,
      };
    case 'aggregate': {
      const aggregates = q.aggregates.length === 0 ? '' : ` ${named(q.aggregates)}`;
      const keys = q.keys.length === 0 ? '' : ` GROUP BY ${named(q.keys)}`;
      return { input: q.input, text: `AGGREGATE${aggregates}${keys}` };
    }
    case 'distinct':
      return { input: q.input, text: q.on === undefined ? 'DISTINCT' : `DISTINCT ON (${list(q.on)})` };
    case 'unnest': {
      const prefix = q.prefix === undefined ? '' : ` PREFIX ${quoteText(q.prefix)}`;
      return { input: q.input, text: `UNNEST ${quoteName(q.column)}${prefix}` };
    }
    default:
      return assertNever(q);
  }
}

/** What stands before `|>`: a FROM without SELECT is the table itself. */
function pipeInputText(q: Query): string {
  if (isPiped(q)) return queryText(q);
  if (isFromItem(q)) return `FROM ${fromText(q, queryText)}`;
  const standsBare = q.kind === 'select' || q.kind === 'sort' || q.kind === 'limit' || q.kind === 'values';
  return standsBare ? queryText(q) : `(${queryText(q)})`;
}

const SET_LEVELS = { union: 1, except: 1, intersect: 2 } as const;

function setOperator({ op, all, byName }: SetQuery): string {
  return `${op.toUpperCase()}${all ? ' ALL' : ''}${byName ? ' BY NAME' : ''}`;
}

/** An operand of set operations or ORDER BY; set operations looser than `level` need parentheses. */
function operandText(q: Query, level: number): string {
  const isBare =
    !isPiped(q) &&
    ((q.kind === 'select' && q.orderBy === undefined && q.limit === undefined && level > 0) ||
      (q.kind === 'set-op' && SET_LEVELS[q.op] >= level) ||
      ['table', 'relation', 'table-function', 'values'].includes(q.kind));
  return isBare ? queryText(q) : `(${queryText(q)})`;
}

function withText({ input, ...clause }: Extract<Query, { readonly kind: 'with' }>): string {
  const body = input.kind === 'with' ? `(${queryText(input)})` : queryText(input);
  return `${withClauseText(clause)} ${body}`;
}

/** `WITH RECURSIVE a(b) AS MATERIALIZED (…), c AS (…)` */
export function withClauseText({ recursive, ctes }: WithClause): string {
  const tables = ctes.map(({ name, columns, query, materialized }) => {
    const list = columns === undefined ? '' : `(${names(columns)})`;
    const mark = materialized === undefined ? '' : materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
    return `${quoteName(name)}${list} AS ${mark}(${queryText(query)})`;
  });
  return `WITH ${recursive ? 'RECURSIVE ' : ''}${tables.join(', ')}`;
}

function showText({ what, name }: Extract<Query, { readonly kind: 'show' }>): string {
  if (what === 'setting') {
    const parts = (name ?? '').split('.').map(part => `"${part.replaceAll('"', '""')}"`); // bare, `tables` would be a listing
    return `SHOW ${parts.join('.')}`;
  }
  if (what === 'all-tables') return 'SHOW ALL TABLES';
  return `SHOW ${what.toUpperCase()}${name === undefined ? '' : ` FROM ${name.split('.').map(quoteName).join('.')}`}`;
}
