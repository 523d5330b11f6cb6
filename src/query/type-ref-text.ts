import { typeName } from '../types/type-name.ts';
import { isBuiltIn, type TypeRef } from './expr.ts';

/** The text of a type; `quoted` writes the names of users' types and of fields. */
export function typeRefText(type: TypeRef, quoted: (name: string) => string): string {
  const text = (part: TypeRef): string => typeRefText(part, quoted);
  if (isBuiltIn(type)) return typeName(type);
  if (type.kind === 'named') return type.name.split('.').map(quoted).join('.');
  switch (type.of) {
    case 'list':
      return `${text(type.parts[0]!)}[]`;
    case 'array':
      return `${text(type.parts[0]!)}[${type.length}]`;
    case 'map':
      return `MAP(${type.parts.map(text).join(', ')})`;
    case 'struct':
    case 'union':
      return `${type.of.toUpperCase()}(${type.parts.map(p => `${quoted(p.name)} ${text(p.type)}`).join(', ')})`;
  }
}
