import { RayexecError, type Span } from '../../src/common/errors.ts';

/** The text that errors' spans point into. */
type Text = { readonly source?: string | undefined };

/** Runs something whose errors then show their place in the text; those without one are about `span`, if given. */
export async function placed<T>(text: Text, run: () => Promise<T>, span?: Span): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw withPlace(text, error, span);
  }
}

/** The same items; errors on the way show their place in the text. */
export async function* placedItems<T>(text: Text, items: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    throw withPlace(text, error);
  }
}

function withPlace({ source }: Text, error: unknown, span?: Span): unknown {
  if (!(error instanceof RayexecError) || source === undefined) return error;
  if (error.span !== undefined || span === undefined) return error.withSource(source);
  const { code, summary, hint, where, cause } = error;
  return new RayexecError(code, summary, { hint, where, cause, span, source });
}
