import { explainScalar } from '../types/explain-scalar.ts';
import { typeName } from '../types/type-name.ts';
import { outputOf } from './columns.ts';
import { explainFrame } from './explain-frame.ts';
import type { BoundAggregate, BoundExpr, BoundSortKey, BoundWindowCall, ColumnId } from './expr.ts';
import { type Column, type LogicalPlan, type SharedId, sourceColumnName } from './logical-plan.ts';
import { withLambda } from './physical-expr.ts';
import { inputsOf } from './rewrite.ts';

export type ExplainOptions = {
  /** Ids and types of all columns that nodes hand up. */
  readonly verbose?: boolean | undefined;
};

/**
 * A plan as indented text, inputs below their node. Columns go by name; by `name#id` where the plan has several of one
 * name (`n_name#12`).
 */
export function explainPlan(plan: LogicalPlan, options: ExplainOptions = {}): string {
  const printer = new Printer(plan, options.verbose === true);
  return printer.lines(plan, 0).join('\n');
}

/** An expression as text, columns as `#id` or as `nameOf` says. */
function explainExpr(expr: BoundExpr, nameOf: (id: ColumnId) => string = id => `#${id}`): string {
  const text = (e: BoundExpr) => explainExpr(e, nameOf);
  const inner = (e: BoundExpr) => (isAtom(e) ? text(e) : `(${text(e)})`);
  switch (expr.kind) {
    case 'column':
      return nameOf(expr.id);
    case 'literal':
      return explainScalar(expr.value);
    case 'and':
    case 'or':
      return expr.args
        .map(a => (a.kind === 'and' || a.kind === 'or' ? `(${text(a)})` : text(a)))
        .join(` ${expr.kind} `);
    case 'call':
      return callText(expr.fn, expr.args.map(inner), withLambda(expr.lambda, expr.args.map(text)));
    case 'cast':
      return `${expr.try ? 'try_cast' : 'cast'}(${text(expr.input)} as ${typeName(expr.type)})`;
    case 'case': {
      const branches = expr.branches.map(b => ` when ${text(b.when)} then ${text(b.result)}`).join('');
      return `case${branches} else ${text(expr.otherwise)} end`;
    }
    case 'coalesce':
      return `coalesce(${expr.args.map(text).join(', ')})`;
    case 'in':
      return `${inner(expr.input)} ${expr.negated ? 'not in' : 'in'} (${expr.items.map(explainScalar).join(', ')})`;
  }
}

const isAtom = (e: BoundExpr): boolean =>
  e.kind === 'column' ||
  e.kind === 'literal' ||
  e.kind === 'cast' ||
  e.kind === 'coalesce' ||
  (e.kind === 'call' && isWord(e.fn) && e.fn !== 'not');

const isWord = (fn: string): boolean =>
  /^[a-z_][a-z0-9_]*$/i.test(fn) && fn !== 'like' && fn !== 'ilike' && fn !== 'glob' && fn !== 'xor';

function callText(fn: string, operands: readonly string[], args: readonly string[]): string {
  const [left, right] = operands;
  if (fn === 'not') return `not ${left}`;
  if (fn === 'negate') return `-${left}`;
  if (isWord(fn)) return `${fn}(${args.join(', ')})`;
  if (operands.length === 2) return `${left} ${fn} ${right}`;
  return operands.length === 1 && fn.startsWith('is ') ? `${left} ${fn}` : `${fn}(${args.join(', ')})`;
}

class Printer {
  readonly #names = new Map<ColumnId, string>();
  readonly #sharedNumbers = new Map<SharedId, number>();
  readonly #verbose: boolean;

  constructor(plan: LogicalPlan, verbose: boolean) {
    this.#verbose = verbose;
    const byName = new Map<string, Set<ColumnId>>();
    const columns: Column[] = [];
    const collect = (node: LogicalPlan): void => {
      for (const c of outputOf(node)) {
        columns.push(c);
        byName.set(c.name, (byName.get(c.name) ?? new Set()).add(c.id));
      }
      if (node.kind === 'shared' || node.kind === 'recursive')
        this.#sharedNumbers.set(node.id, this.#sharedNumbers.size + 1);
      for (const input of inputsOf(node)) collect(input);
    };
    collect(plan);
    for (const c of columns)
      this.#names.set(c.id, verbose || byName.get(c.name)!.size > 1 ? `${c.name}#${c.id}` : c.name);
  }

  lines(plan: LogicalPlan, depth: number): string[] {
    const pad = '  '.repeat(depth);
    const types = this.#verbose
      ? ` -> ${outputOf(plan)
          .map(c => `${this.#name(c.id)} ${typeName(c.type)}${c.nullable ? '' : ' not null'}`)
          .join(', ')}`
      : '';
    const head = `${pad}${this.#describe(plan)}${types}`;
    if (plan.kind === 'shared') {
      return [
        head,
        `${pad}  definition`,
        ...this.lines(plan.definition, depth + 2),
        ...this.lines(plan.input, depth + 1),
      ];
    }
    return [head, ...inputsOf(plan).flatMap(input => this.lines(input, depth + 1))];
  }

  #describe(plan: LogicalPlan): string {
    switch (plan.kind) {
      case 'scan': {
        const names = plan.columns.map(({ column, index }) =>
          this.#renamed(column, sourceColumnName(plan.source, index)),
        );
        const filters = plan.filters.length === 0 ? '' : ` where ${plan.filters.map(f => this.#expr(f)).join(' and ')}`;
        const limit = plan.limit === undefined ? '' : ` limit ${plan.limit}`;
        return `scan ${plan.source.label} [${names.join(', ')}]${filters}${limit}`;
      }
      case 'values': {
        if (plan.columns.length === 0)
          return `values ${plan.rows.length} rows without columns`.replace('1 rows', 'one row');
        const shown = plan.rows.slice(0, 5).map(row => `(${row.map(e => this.#expr(e)).join(', ')})`);
        const more = plan.rows.length > 5 ? `, … ${plan.rows.length} rows` : '';
        return `values [${this.#list(plan.columns)}] ${shown.join(', ')}${more}`;
      }
      case 'empty':
        return `empty [${this.#list(plan.columns)}]`;
      case 'filter':
        return `filter ${this.#expr(plan.predicate)}`;
      case 'project':
        return `project ${plan.columns.map(c => this.#defined(c.column, c.expr)).join(', ')}`;
      case 'aggregate': {
        const parts: string[] = [];
        if (plan.keys.length > 0) parts.push(`by ${plan.keys.map(k => this.#defined(k.column, k.expr)).join(', ')}`);
        if (plan.groupingSets !== undefined) {
          parts.push(
            `sets ${plan.groupingSets.map(s => `(${s.map(i => this.#name(plan.keys[i]!.column.id)).join(', ')})`).join(', ')}`,
          );
        }
        if (plan.groupingId !== undefined) parts.push(`grouping id ${this.#name(plan.groupingId.id)}`);
        if (plan.aggregates.length > 0)
          parts.push(
            plan.aggregates.map(a => `${this.#name(a.column.id)} := ${this.#aggregate(a.aggregate)}`).join(', '),
          );
        return `aggregate ${parts.join(': ')}`;
      }
      case 'join': {
        const mark = plan.mark === undefined ? '' : ` ${this.#name(plan.mark.id)}`;
        if (plan.condition === undefined && plan.type === 'inner') return 'cross join';
        return `${plan.type} join${mark}${plan.condition === undefined ? '' : ` on ${this.#expr(plan.condition)}`}`;
      }
      case 'asof-join': {
        const keys = plan.keys.map(k => ({ ...k, op: k.nullsEqual ? 'is not distinct from' : '=' }));
        const conditions = [...keys, plan.match].map(k => `${this.#expr(k.left)} ${k.op} ${this.#expr(k.right)}`);
        return `asof ${plan.type} join on ${conditions.join(' and ')}`;
      }
      case 'sort':
        return `sort ${this.#keys(plan.keys)}`;
      case 'limit':
        return `limit${plan.count === undefined ? '' : ` ${plan.count}`}${plan.offset === 0 ? '' : ` offset ${plan.offset}`}`;
      case 'limit-by': {
        const count = plan.count === undefined ? '' : ` ${this.#expr(plan.count)}${plan.percent ? ' percent' : ''}`;
        return `limit${count}${plan.offset === undefined ? '' : ` offset ${this.#expr(plan.offset)}`}`;
      }
      case 'top-k':
        return `top ${plan.count}${plan.offset === 0 ? '' : ` offset ${plan.offset}`} by ${this.#keys(plan.keys)}`;
      case 'distinct-on':
        return `distinct on ${plan.on.map(e => this.#expr(e)).join(', ')}${plan.orderBy.length === 0 ? '' : ` by ${this.#keys(plan.orderBy)}`}`;
      case 'unnest': {
        const lists = plan.lists.map(l => this.#defined(l.column, l.expr)).join(', ');
        const ordinality = plan.ordinality === undefined ? '' : ` with ordinality ${this.#name(plan.ordinality.id)}`;
        return `unnest ${lists}${ordinality}${plan.keepsEmpty ? ', or else NULL' : ''}`;
      }
      case 'window': {
        const parts: string[] = [];
        if (plan.partitionBy.length > 0) parts.push(`partition by ${plan.partitionBy.map(this.#expr).join(', ')}`);
        if (plan.orderBy.length > 0) parts.push(`order by ${this.#keys(plan.orderBy)}`);
        if (plan.limit !== undefined) parts.push(`limit ${plan.limit}`);
        const functions = plan.functions.map(w => `${this.#name(w.column.id)} := ${this.#window(w.call)}`);
        return `window${parts.length === 0 ? '' : ` ${parts.join(' ')}`}: ${functions.join(', ')}`;
      }
      case 'set-op':
        return `${plan.op}${plan.all ? ' all' : ''} [${this.#list(plan.columns)}]`;
      case 'recursive':
        return `recursive ${this.#shared(plan.id)} union${plan.all ? ' all' : ''} [${this.#list(plan.columns)}]`;
      case 'shared':
        return `shared ${this.#shared(plan.id)}`;
      case 'shared-ref':
        return `read shared ${this.#shared(plan.id)} [${plan.columns.map((c, i) => this.#assigned(c.id, plan.source[i]!)).join(', ')}]`;
      case 'insert':
        return `insert into ${plan.table.name}`;
      case 'copy':
        return `copy to '${plan.target.path}' as ${plan.target.format}`;
    }
  }

  #name = (id: ColumnId): string => this.#names.get(id) ?? `#${id}`;
  #expr = (expr: BoundExpr): string => explainExpr(expr, this.#name);
  #list = (columns: readonly Column[]): string => columns.map(c => this.#name(c.id)).join(', ');
  #shared = (id: SharedId): string => `#${this.#sharedNumbers.get(id) ?? `?${id}`}`;

  /** `name := expression`, or just the name of a column that is handed on. */
  #defined(column: Column, expr: BoundExpr): string {
    return expr.kind === 'column' && expr.id === column.id
      ? this.#name(column.id)
      : `${this.#name(column.id)} := ${this.#expr(expr)}`;
  }

  #assigned = (id: ColumnId, from: ColumnId): string => `${this.#name(id)} := ${this.#name(from)}`;
  #renamed = (column: Column, source: string): string =>
    column.name === source ? this.#name(column.id) : `${this.#name(column.id)} := ${source}`;

  #aggregate(a: BoundAggregate): string {
    const args = a.args.length === 0 ? '*' : a.args.map(this.#expr).join(', ');
    const order = a.orderBy === undefined ? '' : ` order by ${this.#keys(a.orderBy)}`;
    const filter = a.filter === undefined ? '' : ` filter (${this.#expr(a.filter)})`;
    return `${a.fn}(${a.distinct ? 'distinct ' : ''}${args}${order})${filter}`;
  }

  #window(call: BoundWindowCall): string {
    const isBare = call.args.length === 0 && call.fn !== 'count' && call.orderBy === undefined;
    const text = isBare ? `${call.fn}()` : this.#aggregate(call);
    const frame = explainFrame(call.frame, this.#expr);
    return `${text}${call.ignoreNulls ? ' ignore nulls' : ''}${frame === '' ? '' : ` ${frame}`}`;
  }

  #keys(keys: readonly BoundSortKey[]): string {
    return keys
      .map(k => `${this.#expr(k.expr)}${k.descending ? ' desc' : ''}${k.nullsFirst ? ' nulls first' : ''}`)
      .join(', ');
  }
}
