import type { Span } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import { isBuiltIn, type TypeRef, type UserType } from '../../query/expr.ts';
import type { DataType } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import { sameName } from '../scope.ts';

/** The type that a query spells; names of users' types are looked up. */
export function bindType(b: Binder, type: TypeRef, span: Span | undefined): DataType {
  if (isBuiltIn(type)) return checked(type, span);
  if (type.kind === 'composed')
    return checked(
      composed(type, part => bindType(b, part, span)),
      span,
    );
  const found = b.catalog.type(type.name.split('.'));
  if (found === undefined)
    throw bindError(
      `Type with name ${type.name} does not exist!`,
      type.span ?? span,
      didYouMean(type.name, b.catalog.typeNames()),
    );
  return found.type;
}

function composed(type: Extract<UserType, { kind: 'composed' }>, bind: (type: TypeRef) => DataType): DataType {
  switch (type.of) {
    case 'list':
      return { kind: 'list', element: bind(type.parts[0]!) };
    case 'array':
      return { kind: 'array', element: bind(type.parts[0]!), length: type.length };
    case 'map':
      return { kind: 'map', key: bind(type.parts[0]!), value: bind(type.parts[1]!) };
    case 'struct':
      return { kind: 'struct', fields: type.parts.map(p => ({ name: p.name, type: bind(p.type) })) };
    case 'union':
      return { kind: 'union', members: type.parts.map(p => ({ name: p.name, type: bind(p.type) })) };
  }
}

/** @throws RayexecError `bind` when two fields or members of a type have the same name */
function checked(type: DataType, span: Span | undefined): DataType {
  const parts = type.kind === 'struct' ? type.fields : type.kind === 'union' ? type.members : [];
  for (const [i, { name, type: part }] of parts.entries()) {
    if (parts.slice(0, i).some(p => sameName(p.name, name)))
      throw bindError(`Two fields of the type are called "${name}"`, span, 'fields are told apart by their names');
    checked(part, span);
  }
  if (type.kind === 'list' || type.kind === 'array') checked(type.element, span);
  if (type.kind === 'map') checked(type.value, span);
  return type;
}
