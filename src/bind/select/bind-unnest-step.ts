import type { ProjectColumn } from '../../plan/logical-plan.ts';
import type { Query } from '../../query/query.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError } from '../binder.ts';
import type { QueryEnv } from '../env.ts';
import { candidates, structField } from '../exprs/bind-name.ts';
import { type Bound, type ScopeColumn, sameName, unnamedScope } from '../scope.ts';
import { projected } from './select-output.ts';

type Step = Extract<Query, { kind: 'unnest' }>;

/** A list column's elements as rows, or with `prefix` a struct column's fields as columns, in the column's place. */
export function bindUnnestStep(b: Binder, query: Step, env: QueryEnv): Bound {
  const bound = b.query(b, query.input, env);
  const { columns } = bound.scope;
  const at = columns.findIndex(c => sameName(c.name, query.column));
  if (at < 0) {
    const hint = candidates(
      query.column,
      columns.map(c => c.name),
    );
    throw bindError(`Column "${query.column}" to unnest does not exist`, query.span, hint);
  }
  return query.prefix === undefined ? elements(b, query, bound, at) : fields(b, query, bound, at, query.prefix);
}

function elements(b: Binder, query: Step, { plan, scope }: Bound, at: number): Bound {
  const { name, column } = scope.columns[at]!;
  const { type } = column;
  if (type.kind !== 'list' && type.kind !== 'array') {
    const hint = type.kind === 'struct' ? "with a prefix, '' for none, its fields become columns" : undefined;
    throw bindError(`Column "${name}" is ${typeName(type)}, not a list`, query.span, hint);
  }
  const element: ProjectColumn = { column: b.newColumn(name, type.element, true), expr: b.ref(column, query.span) };
  const columns = scope.columns.map((c, i): ScopeColumn => (i === at ? { name, column: element.column } : c));
  return {
    plan: { kind: 'unnest', input: plan, lists: [element], keepsEmpty: false },
    scope: unnamedScope(columns),
  };
}

function fields(b: Binder, query: Step, { plan, scope }: Bound, at: number, prefix: string): Bound {
  const { name, column } = scope.columns[at]!;
  const { type } = column;
  if (type.kind !== 'struct')
    throw bindError(
      `Column "${name}" is ${typeName(type)}, not a struct`,
      query.span,
      'a list is unnested without prefix',
    );
  const struct = b.ref(column, query.span);
  const spread = type.fields.map(f => ({
    name: `${prefix}${f.name}`,
    expr: structField(b, struct, f.name, query.span),
  }));
  const twice = spread.find((f, i) =>
    [...scope.columns.filter((_, c) => c !== at), ...spread.slice(0, i)].some(o => sameName(o.name, f.name)),
  );
  if (twice !== undefined)
    throw bindError(`Column "${twice.name}" would exist twice`, query.span, 'choose another prefix');
  const items = scope.columns.flatMap((c, i) => (i === at ? spread : [{ name: c.name, expr: b.ref(c.column) }]));
  const result = projected(b, plan, items);
  return {
    plan: result.plan,
    scope: unnamedScope(result.columns.map((c, i) => ({ name: items[i]!.name, column: c }))),
  };
}
