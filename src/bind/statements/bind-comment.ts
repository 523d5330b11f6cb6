import { RayexecError } from '../../common/errors.ts';
import { choices } from '../../common/suggest.ts';
import type { Comment, ObjectName } from '../../query/statement.ts';
import { type Binder, bindError } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { candidates } from '../exprs/bind-name.ts';
import { columnsOf } from '../from/described-columns.ts';
import { sameName } from '../scope.ts';
import { alteredTable } from './altered-table.ts';
import { findIndex } from './bind-index.ts';

/** COMMENT ON … IS …: the text stands in the catalog's relations. @throws RayexecError `catalog` for what there is not */
export function bindComment(b: Binder, { on, name, text: comment }: Comment): BoundStatement {
  const { catalog } = b;
  const last = name.path.at(-1)!;
  const missing = (title: string, names: readonly string[]): RayexecError =>
    new RayexecError('catalog', `${title} with name ${last} does not exist!`, {
      span: name.span,
      hint: choices(last, names, `${title.toLowerCase()}s`),
    });
  switch (on) {
    case 'table':
      return alteredTable(catalog.table(name), { comment });
    case 'view': {
      const view = catalog.find(name.path);
      if (view === undefined) throw catalog.missing(name, 'View');
      if (view.kind !== 'view')
        throw new RayexecError('catalog', `Existing object ${view.name} is of type table, not view`, {
          span: name.span,
          hint: `COMMENT ON TABLE ${view.name}`,
        });
      return { kind: 'change', change: { change: 'create-view', view: { ...view, comment } } };
    }
    case 'column':
      return columnComment(b, name, comment);
    case 'sequence': {
      const sequence = catalog.sequence(name.path);
      if (sequence === undefined)
        throw missing(
          'Sequence',
          catalog.sequences().map(s => s.name),
        );
      return { kind: 'change', change: { change: 'comment-sequence', sequence: { ...sequence, comment } } };
    }
    case 'macro':
    case 'macro-table': {
      const isTable = on === 'macro-table';
      const macro = catalog.macro(name.path, isTable);
      const known = catalog.macros().filter(m => m.isTable === isTable);
      if (macro === undefined)
        throw missing(
          isTable ? 'Table Macro' : 'Macro',
          known.map(m => m.name),
        );
      return { kind: 'change', change: { change: 'create-macro', macro: { ...macro, comment } } };
    }
    case 'type': {
      const type = catalog.type(name.path);
      if (type === undefined) throw missing('Type', catalog.typeNames());
      return { kind: 'change', change: { change: 'create-type', type: { ...type, comment } } };
    }
    case 'index': {
      const schema = name.path.length > 1 ? catalog.schemaAt({ path: name.path.slice(0, -1) }) : undefined;
      const found = findIndex(b, last, schema);
      if (found === undefined) throw missing('Index', []);
      const indexes = found.table.indexes!.map(i => (i === found.index ? { ...i, comment } : i));
      return alteredTable(found.table, { indexes });
    }
  }
}

function columnComment(b: Binder, { path, span }: ObjectName, comment: string | undefined): BoundStatement {
  const column = path.at(-1)!;
  const name: ObjectName = { path: path.slice(0, -1), span };
  if (name.path.length === 0)
    throw bindError(`Column "${column}" needs the name of its table`, span, `COMMENT ON COLUMN t.${column} IS …`);
  const entry = b.catalog.find(name.path);
  if (entry === undefined) throw b.catalog.missing(name, 'Table');
  const names = columnsOf(b, entry).map(c => c.name);
  if (!names.some(n => sameName(n, column)))
    throw bindError(
      `${entry.kind === 'view' ? 'View' : 'Table'} "${entry.name}" does not have a column with name "${column}"`,
      span,
      candidates(column, names),
    );
  if (entry.kind === 'table') {
    const columns = entry.columns.map(c => (sameName(c.name, column) ? { ...c, comment } : c));
    return alteredTable(entry, { columns });
  }
  const { [column.toLowerCase()]: _, ...others } = entry.columnComments ?? {};
  const columnComments = comment === undefined ? others : { ...others, [column.toLowerCase()]: comment };
  return { kind: 'change', change: { change: 'create-view', view: { ...entry, columnComments } } };
}
