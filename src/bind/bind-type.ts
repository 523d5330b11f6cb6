import type { Span } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import type { TypeRef } from '../query/expr.ts';
import type { DataType } from '../types/data-type.ts';
import { type Binder, bindError } from './binder.ts';

/** The type that a query spells; names of users' types are looked up. */
export function bindType(b: Binder, type: TypeRef, span: Span | undefined): DataType {
  if (type.kind !== 'named') return type;
  const found = b.catalog.type(type.name);
  if (found === undefined)
    throw bindError(
      `Type with name ${type.name} does not exist!`,
      type.span ?? span,
      didYouMean(type.name, b.catalog.typeNames()),
    );
  return found;
}
