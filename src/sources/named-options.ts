import { RayexecError } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import type { DataType } from '../types/data-type.ts';
import { explainScalar } from '../types/explain-scalar.ts';
import { parseTypeName } from '../types/parse-type-name.ts';
import type { Scalar, ScalarValue } from '../types/scalar.ts';

/** A table function's named arguments, read with their types checked. All methods throw RayexecError `bind`. */
export class NamedOptions {
  readonly #fn: string;
  readonly #values: ReadonlyMap<string, Scalar>;

  /** @param names that the function has; a synonym maps to the name it stands for */
  constructor(fn: string, named: Readonly<Record<string, Scalar>>, names: Readonly<Record<string, string>>) {
    this.#fn = fn;
    const values = new Map<string, Scalar>();
    for (const [given, scalar] of Object.entries(named)) {
      const key = given.toLowerCase();
      if (!Object.hasOwn(names, key)) {
        throw new RayexecError('bind', `${fn} has no option '${given}'`, {
          hint: didYouMean(given, Object.keys(names)) ?? `it has ${[...new Set(Object.values(names))].join(', ')}`,
        });
      }
      const name = names[key]!;
      if (values.has(name)) throw new RayexecError('bind', `${fn} is given '${name}' twice`);
      values.set(name, scalar);
    }
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Whether the option is this text, in any case. */
  isText(name: string, text: string): boolean {
    const value = this.#values.get(name)?.value;
    return typeof value === 'string' && value.toLowerCase() === text;
  }

  boolean(name: string): boolean | undefined {
    const scalar = this.#values.get(name);
    if (scalar === undefined || scalar.value === null) return undefined;
    if (typeof scalar.value === 'boolean') return scalar.value;
    if (scalar.value === 0 || scalar.value === 1) return scalar.value === 1;
    const text = String(scalar.value).toLowerCase();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw this.wrong(name, 'true or false');
  }

  text(name: string): string | undefined {
    const scalar = this.#values.get(name);
    if (scalar === undefined || scalar.value === null) return undefined;
    if (typeof scalar.value === 'string' && scalar.type.kind === 'utf8') return scalar.value;
    throw this.wrong(name, 'a text');
  }

  /** A text of one byte; '' stands for none. */
  character(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined || (text.length <= 1 && text.charCodeAt(0) < 128) || text === '') return text;
    if (text === '\\t') return '\t';
    throw new RayexecError('unsupported', `${this.#fn}: ${name} must be one ASCII character, not '${text}'`);
  }

  /** Up to `most` ASCII characters. */
  characters(name: string, most: number): string | undefined {
    const text = this.text(name)?.replaceAll('\\t', '\t');
    if (text === undefined || (text.length <= most && /^[\0-\x7f]*$/.test(text))) return text;
    throw new RayexecError('unsupported', `${this.#fn}: ${name} must be up to ${most} ASCII characters, not '${text}'`);
  }

  integer(name: string): number | undefined {
    const scalar = this.#values.get(name);
    if (scalar === undefined || scalar.value === null) return undefined;
    const value = Number(scalar.value);
    if (scalar.type.kind !== 'int' || !Number.isSafeInteger(value)) throw this.wrong(name, 'an integer');
    return value;
  }

  /** A text or list of texts. */
  texts(name: string): readonly string[] | undefined {
    const scalar = this.#values.get(name);
    if (scalar === undefined || scalar.value === null) return undefined;
    if (scalar.type.kind === 'utf8') return [scalar.value as string];
    const isTexts = Array.isArray(scalar.value) && scalar.value.every(v => typeof v === 'string');
    if (!isTexts || scalar.type.kind !== 'list') throw this.wrong(name, 'a list of texts');
    return scalar.value as unknown as readonly string[];
  }

  /** Whether the option is a struct (or map) of types rather than a list. */
  isStruct(name: string): boolean {
    const kind = this.#values.get(name)?.type.kind;
    return kind === 'struct' || kind === 'map';
  }

  /** Types by name: `{a: 'INTEGER', b: 'VARCHAR'}`. */
  typesByName(name: string): readonly { readonly name: string; readonly type: DataType }[] | undefined {
    const scalar = this.#values.get(name);
    if (scalar === undefined || scalar.value === null) return undefined;
    return this.#entries(name, scalar).map(([column, value]) => ({ name: column, type: this.#type(name, value) }));
  }

  /** Types in order: `['INTEGER', 'VARCHAR']`. */
  types(name: string): readonly DataType[] | undefined {
    return this.texts(name)?.map(text => this.#type(name, text));
  }

  wrong(name: string, wanted: string): RayexecError {
    return new RayexecError('bind', `${this.#fn}: ${name} is ${wanted}, not ${explainScalar(this.#values.get(name)!)}`);
  }

  #entries(name: string, { type, value }: Scalar): readonly (readonly [string, ScalarValue])[] {
    if (type.kind === 'struct') return type.fields.map((f, i) => [f.name, (value as readonly ScalarValue[])[i]!]);
    if (type.kind === 'map' && type.key.kind === 'utf8') return value as unknown as [string, ScalarValue][];
    throw this.wrong(name, `a struct of types such as {a: 'INTEGER'}`);
  }

  #type(name: string, text: ScalarValue): DataType {
    const type = typeof text === 'string' ? parseTypeName(text) : undefined;
    if (type !== undefined) return type;
    throw new RayexecError('bind', `${this.#fn}: ${name} has ${JSON.stringify(text)}, which is no type`, {
      hint: 'types are texts such as BIGINT, DOUBLE, DECIMAL(10,2), VARCHAR, DATE',
    });
  }
}
