import { RayexecError } from '../../src/common/errors.ts';

/**
 * A schema of zod, valibot, arktype or any other library that follows https://standardschema.dev, version 1: what the
 * specification says of it, so that none of them is needed.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => ValidationResult<Output> | Promise<ValidationResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type ValidationResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };
type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

/** What a Standard Schema makes of the values that it accepts. */
export type OutputOf<V> = V extends StandardSchema<infer _, infer Output> ? Output : never;

/** Whether a value follows the Standard Schema interface; arktype's schemas are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value;
}

/**
 * A row as the schema gives it. `row` is its number from 0, for messages.
 * @throws RayexecError `constraint` for a row that the schema refuses, `unsupported` for a schema that must be awaited
 */
export function validRow<Output>(schema: StandardSchema<unknown, Output>, value: unknown, row: number): Output {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    // Nobody waits for it: its failure must not end the process.
    result.catch(() => undefined);
    throw new RayexecError('unsupported', 'rows are checked one after the other, without waiting', {
      hint: 'take out what is asynchronous of the schema',
    });
  }
  if (result.issues === undefined) return result.value;
  const said = result.issues.slice(0, 3).map(issueText);
  const more = result.issues.length > said.length ? `, and ${result.issues.length - said.length} more` : '';
  throw new RayexecError('constraint', `row ${row} does not fit the schema: ${said.join('; ')}${more}`);
}

function issueText({ path, message }: Issue): string {
  const keys = path?.map(part => String(typeof part === 'object' ? part.key : part)) ?? [];
  return keys.length === 0 ? message : `${keys.join('.')}: ${message}`;
}
