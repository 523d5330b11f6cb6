import type { MacroEntry } from '../../catalog/entry.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { macroFunctions } from '../exprs/macro-functions.ts';
import { specialFunctions } from '../exprs/special-functions.ts';
import { macroText } from './catalog-text.ts';
import { database, schemaName } from './described.ts';
import { empty, flag, relation, type SystemRelation, text, texts } from './relation.ts';

/** One way to call a function. */
type FunctionRow = {
  readonly schema: string;
  readonly name: string;
  readonly aliasOf: string | null;
  readonly type: 'scalar' | 'aggregate' | 'table' | 'macro' | 'table_macro';
  /** `(VARCHAR, INTEGER) -> VARCHAR` */
  readonly signature: string;
  readonly parameters: readonly string[];
  readonly description: string | null;
  readonly comment: string | null;
  readonly macro: string | null;
  readonly internal: boolean;
  readonly examples: readonly string[];
  readonly category: string | null;
};

const BUILT_IN = { schema: 'main', comment: null, macro: null, internal: true } as const;

/** Types between a signature's parentheses, cut where no type is cut: `(DECIMAL(4,1), MAP(A, B)) -> A`. */
function argumentTypes(signature: string): readonly string[] {
  const inner = signature.slice(1, signature.lastIndexOf(') ->'));
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= inner.length; i++) {
    const c = inner[i];
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === undefined || (c === ',' && depth === 0)) {
      parts.push(inner.slice(from, i).trim());
      from = i + 1;
    }
  }
  return parts.filter(p => p !== '');
}

const returnType = (signature: string): string | null => signature.split(') -> ').at(1) ?? null;

function functionRows(b: Binder): readonly FunctionRow[] {
  const { catalog } = b;
  const documented = (doc: {
    summary: string;
    args: readonly string[];
    examples: readonly (readonly string[])[];
    category: string;
  }) => ({
    parameters: doc.args,
    description: doc.summary,
    examples: doc.examples.map(([sql]) => sql!),
    category: doc.category,
  });
  return [
    ...catalog.functions.all.flatMap(f =>
      [f.name, ...(f.aliases ?? [])].flatMap(name =>
        f.overloads.map(
          (o): FunctionRow => ({
            ...BUILT_IN,
            ...documented(f.doc),
            name,
            aliasOf: name === f.name ? null : f.name,
            type: catalog.functions.aggregate(f.name) === (f as unknown) ? 'aggregate' : 'scalar',
            signature: o.signature,
          }),
        ),
      ),
    ),
    ...[...specialFunctions, ...macroFunctions].flatMap(f =>
      [f.name, ...f.aliases].map(
        (name): FunctionRow => ({
          ...BUILT_IN,
          ...documented(f.doc),
          name,
          aliasOf: name === f.name ? null : f.name,
          type: 'scalar',
          signature: f.signature,
        }),
      ),
    ),
    ...catalog.tableFunctionNames().map((name): FunctionRow => {
      const f = catalog.tableFunction(name)!;
      const aliasOf = f.name === name ? null : f.name;
      return {
        ...BUILT_IN,
        ...documented(f.doc),
        name,
        aliasOf,
        type: 'table',
        signature: `(${f.doc.args.join(', ')})`,
      };
    }),
    ...catalog.macros().flatMap(m => macroRows(m)),
  ];
}

const macroRows = (macro: MacroEntry): readonly FunctionRow[] =>
  macro.definitions.map(d => {
    const parameters = d.params.map(p => p.name);
    return {
      schema: macro.schema,
      name: macro.name,
      aliasOf: null,
      type: macro.isTable ? 'table_macro' : 'macro',
      signature: `(${parameters.join(', ')})`,
      parameters,
      description: null,
      comment: macro.comment ?? null,
      macro: macroText({ ...macro, definitions: [d] }),
      internal: false,
      examples: [],
      category: null,
    };
  });

const isCall = ({ type }: FunctionRow): boolean => type === 'scalar' || type === 'aggregate';

/** All functions and macros, a row for each way to call one. */
export const functionRelation: SystemRelation = relation<FunctionRow>(functionRows)([
  text('database_name', database),
  text('schema_name', schemaName),
  text('function_name', f => f.name),
  text('alias_of', f => f.aliasOf),
  text('function_type', f => f.type),
  text('signature', f => `${f.name}${f.signature}`),
  text('description', f => f.description),
  text('comment', f => f.comment),
  text('return_type', f => (isCall(f) ? returnType(f.signature) : null)),
  texts('parameters', f => f.parameters),
  texts('parameter_types', f => (isCall(f) ? argumentTypes(f.signature) : f.parameters.map(() => null))),
  text('macro_definition', f => f.macro),
  ...empty<FunctionRow>(BOOLEAN, 'has_side_effects'),
  flag('internal', f => f.internal),
  texts('examples', f => f.examples),
  texts('categories', f => (f.category === null ? [] : [f.category])),
]);
