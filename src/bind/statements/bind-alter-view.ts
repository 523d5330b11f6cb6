import { RayexecError } from '../../common/errors.ts';
import type { Statement } from '../../query/statement.ts';
import type { Binder } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { sameName } from '../scope.ts';

/** ALTER VIEW v RENAME TO w. @throws RayexecError `catalog` */
export function bindAlterView(
  b: Binder,
  { name, ifExists, to }: Extract<Statement, { kind: 'alter-view' }>,
): BoundStatement {
  const view = b.catalog.find(name.path);
  if (view === undefined && ifExists) return { kind: 'nothing' };
  if (view === undefined) throw b.catalog.missing(name, 'View');
  if (view.kind !== 'view')
    throw new RayexecError('catalog', `Existing object ${view.name} is of type table, not view`, {
      span: name.span,
      hint: `ALTER TABLE ${view.name} RENAME TO ${to}`,
    });
  const other = b.catalog.at({ schema: view.schema, name: to });
  if (other !== undefined && !sameName(to, view.name))
    throw new RayexecError('catalog', `"${other.name}" already exists: ${view.name} cannot take its name`, {
      span: name.span,
    });
  const changes = [
    { change: 'drop-relation', place: { schema: view.schema, name: view.name } },
    { change: 'create-view', view: { ...view, name: to } },
  ] as const;
  return { kind: 'change', change: { change: 'several', changes } };
}
