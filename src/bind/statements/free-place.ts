import type { Place } from '../../catalog/catalog.ts';
import { schemaText } from '../../catalog/schema-key.ts';
import { RayexecError } from '../../common/errors.ts';
import { choices } from '../../common/suggest.ts';
import type { CreateMode, ObjectName } from '../../query/statement.ts';
import type { Binder } from '../binder.ts';

/** Where something new goes; undefined when it exists and IF NOT EXISTS says to leave it. @throws RayexecError `catalog` */
export function freePlace(
  b: Binder,
  { name, mode, temporary }: { readonly name: ObjectName; readonly mode: CreateMode; readonly temporary: boolean },
  what: 'Table' | 'View',
): Place | undefined {
  const place = b.catalog.place(name, temporary);
  if (!b.catalog.hasSchema(place.schema)) throw missingSchema(b, place.schema, name);
  const found = b.catalog.at(place);
  if (found === undefined) return place;
  if (mode === 'if-not-exists') return undefined;
  const kind = found.kind === 'view' ? 'View' : 'Table';
  if (mode === 'create') {
    throw new RayexecError('catalog', `${kind} with name "${found.name}" already exists!`, {
      span: name.span,
      hint: `CREATE OR REPLACE ${what.toUpperCase()} replaces it`,
    });
  }
  if (kind !== what)
    throw new RayexecError(
      'catalog',
      `"${found.name}" is a ${kind.toLowerCase()}: a ${what.toLowerCase()} cannot replace it`,
      { span: name.span, hint: `DROP ${kind.toUpperCase()} first` },
    );
  return place;
}

export function missingSchema(b: Binder, schema: string, name: ObjectName): RayexecError {
  return new RayexecError('catalog', `Schema with name ${schemaText(schema)} does not exist!`, {
    span: name.span,
    hint: choices(schemaText(schema), b.catalog.schemaNames(), 'schemas'),
  });
}
