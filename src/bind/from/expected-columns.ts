import { RayexecError, type Span } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { BoundSource } from '../../plan/logical-plan.ts';
import type { DataType, Field } from '../../types/data-type.ts';
import { explainScalar } from '../../types/explain-scalar.ts';
import { parseTypeName } from '../../types/parse-type-name.ts';
import type { Scalar } from '../../types/scalar.ts';
import { typeName } from '../../types/type-name.ts';

/** The argument that every table function has: what a program takes the source's columns to be. */
export const EXPECT = 'expect';

/** What one column is taken to be. */
type Expected = {
  readonly name: string;
  /** The type's spelling. */
  readonly text: string;
  readonly accepts: (found: DataType) => boolean;
  readonly nullable: boolean;
};

/**
 * Compares a source with what `expect := {'id': 'BIGINT NOT NULL', 'name': 'VARCHAR'}` says of it. A column that may hold
 * NULLs by its type counts as NOT NULL when the source's own statistics count none. Returns the source with what was
 * found out, and the names of the columns that were expected: the others are not asked for.
 * @throws RayexecError `bind` for a column that is not there or is another one
 */
export function expectColumns(
  source: BoundSource,
  wanted: Scalar,
  span: Span | undefined,
): { readonly source: BoundSource; readonly names: ReadonlySet<string> } {
  const expected = readExpected(wanted, span);
  const fail = (problem: string, hint: string | undefined): never => {
    throw new RayexecError('bind', `${source.label} is not as expected: ${problem}`, { span, hint });
  };
  const schema: Field[] = [...source.schema];
  const names = new Set<string>();
  for (const { name, text, accepts, nullable } of expected) {
    const index = indexOf(schema, name);
    const found = schema[index];
    if (found === undefined) {
      const known = source.schema.map(f => f.name);
      return fail(`it has no column "${name}"`, didYouMean(name, known) ?? `it has ${known.join(', ')}`);
    }
    if (!accepts(found.type)) fail(`column "${name}" is ${typeName(found.type)}, not ${text}`, RENEW);
    names.add(found.name);
    if (nullable || !found.nullable) continue;
    const nulls = source.statistics.columns?.[index]?.nullCount;
    if (nulls !== 0) {
      const said = nulls === undefined ? 'may be NULL' : `is NULL in ${nulls} ${nulls === 1 ? 'row' : 'rows'}`;
      fail(`column "${name}" ${said}`, `${RENEW}; or let it be NULL, and drop those rows in the query`);
    }
    schema[index] = { ...found, nullable: false };
  }
  return { source: { ...source, schema }, names };
}

const RENEW = 'renew the schema (rayexec typegen writes it)';

function indexOf(schema: readonly Field[], name: string): number {
  const exact = schema.findIndex(f => f.name === name);
  return exact === -1 ? schema.findIndex(f => f.name.toLowerCase() === name.toLowerCase()) : exact;
}

function readExpected({ type, value }: Scalar, span: Span | undefined): readonly Expected[] {
  const values = Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  if (type.kind !== 'struct' || values === undefined) throw wrong({ type, value }, span);
  return type.fields.map(({ name }, i) => {
    const text = values[i];
    if (typeof text !== 'string') throw wrong({ type, value }, span);
    const [, spelled, notNull] = /^(.*?)(\s+not\s+null)?$/is.exec(text)!;
    const accepts = acceptor(spelled!);
    if (accepts === undefined) throw wrong({ type, value }, span);
    return { name, text: spelled!, accepts, nullable: notNull === undefined };
  });
}

/** Which types a spelling stands for: ANY for all, DECIMAL for all decimals. */
function acceptor(spelled: string): ((found: DataType) => boolean) | undefined {
  const name = spelled.toUpperCase();
  if (name === 'ANY') return () => true;
  if (name === 'DECIMAL') return found => found.kind === 'decimal';
  const parsed = parseTypeName(spelled);
  return parsed === undefined ? undefined : found => fits(parsed, found);
}

const wrong = (given: Scalar, span: Span | undefined): RayexecError =>
  new RayexecError('bind', `${EXPECT} is a struct of types by column name, not ${explainScalar(given)}`, {
    span,
    hint: "such as {'id': 'BIGINT NOT NULL', 'name': 'VARCHAR'}",
  });

/** Whether a column of type `found` can stand for one of type `wanted`: timestamps of any unit, arrays as lists. */
function fits(wanted: DataType, found: DataType): boolean {
  switch (wanted.kind) {
    case 'int':
      return found.kind === 'int' && found.bits === wanted.bits && found.signed === wanted.signed;
    case 'float':
      return found.kind === 'float' && found.bits === wanted.bits;
    case 'decimal':
      return found.kind === 'decimal' && found.precision === wanted.precision && found.scale === wanted.scale;
    case 'timestamp':
      return found.kind === 'timestamp' && found.zone === wanted.zone;
    case 'list':
    case 'array':
      return (found.kind === 'list' || found.kind === 'array') && fits(wanted.element, found.element);
    case 'map':
      return found.kind === 'map' && fits(wanted.key, found.key) && fits(wanted.value, found.value);
    case 'enum':
      return found.kind === 'enum' && found.values.every(v => wanted.values.includes(v));
    case 'struct':
      return (
        found.kind === 'struct' &&
        found.fields.length === wanted.fields.length &&
        wanted.fields.every((f, i) => f.name === found.fields[i]!.name && fits(f.type, found.fields[i]!.type))
      );
    default:
      return found.kind === wanted.kind;
  }
}
