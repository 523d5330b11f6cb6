import type { MacroEntry } from '../../catalog/entry.ts';
import { fullPath } from '../../catalog/schema-key.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Expr } from '../../query/expr.ts';
import type { MacroDefinition, Statement } from '../../query/statement.ts';
import { exprsBelow } from '../../query/walk.ts';
import { withoutSpans } from '../../query/without-spans.ts';
import { type Binder, bindError } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { candidates } from '../exprs/bind-name.ts';
import { missingSchema } from './free-place.ts';

type CreateMacro = Extract<Statement, { kind: 'create-macro' }>;

/** CREATE MACRO: its bodies are kept by names, and bound where they are used. */
export function bindCreateMacro(b: Binder, { name, definitions, mode, temporary }: CreateMacro): BoundStatement {
  const place = b.catalog.place(name, temporary);
  if (!b.catalog.hasSchema(place.schema)) throw missingSchema(b, place.schema, name);
  const isTable = 'query' in definitions[0]!.body;
  const known = b.catalog.macro(fullPath(place), isTable);
  if (known !== undefined && mode !== 'or-replace') {
    if (mode === 'if-not-exists') return { kind: 'nothing' };
    throw new RayexecError(
      'catalog',
      `${isTable ? 'Table ' : ''}Macro Function with name "${known.name}" already exists!`,
      {
        span: name.span,
        hint: 'CREATE OR REPLACE MACRO replaces it',
      },
    );
  }
  for (const d of definitions) checkDefinition(b, place.name, d, definitions);
  const macro: MacroEntry = { ...place, isTable, definitions: withoutSpans(definitions), temporary };
  return { kind: 'change', change: { change: 'create-macro', macro } };
}

function checkDefinition(
  b: Binder,
  name: string,
  { params, body }: MacroDefinition,
  all: readonly MacroDefinition[],
): void {
  const names = params.map(p => p.name);
  const twice = names.find((n, i) => names.findIndex(o => o.toLowerCase() === n.toLowerCase()) < i);
  if (twice !== undefined) throw bindError(`Parameter "${twice}" is named twice`);
  if (all.filter(d => d.params.length === params.length).length > 1 && params.every(p => p.type === undefined))
    throw bindError(`Two definitions of macro ${name} take ${params.length} arguments`);
  for (const p of params) {
    if (p.default !== undefined && readsNames(p.default))
      throw bindError(`Default value for parameter '${p.name}' cannot contain column names`, p.default.span);
  }
  if ('expr' in body) checkBody(b, name, names, body.expr);
}

const readsNames = (expr: Expr): boolean => expr.kind === 'name' || exprsBelow(expr).some(readsNames);

/** Names in a body are parameters; in subqueries and lambdas they may be others. */
function checkBody(b: Binder, macro: string, params: readonly string[], expr: Expr): void {
  if (expr.kind === 'lambda') return;
  if (expr.kind === 'star') throw bindError('A macro gives one value: its body cannot be *', expr.span);
  if (expr.kind === 'name') {
    const first = expr.path[0]!;
    if (params.some(p => p.toLowerCase() === first.toLowerCase())) return;
    throw bindError(
      `Referenced column "${first}" was not found because the FROM clause is missing`,
      expr.span,
      candidates(first, params, 'parameters'),
    );
  }
  if (expr.kind === 'call' && expr.fn.toLowerCase() === macro.toLowerCase()) {
    const { functions } = b.catalog;
    if (functions.scalar(expr.fn) === undefined && functions.aggregate(expr.fn) === undefined)
      throw bindError(`Macro ${macro}() calls itself`, expr.span, 'a macro is put in the place of its calls');
  }
  for (const child of exprsBelow(expr)) checkBody(b, macro, params, child);
}
