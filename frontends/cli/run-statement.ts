import type { Database } from '../session/database.ts';
import { type Format, formatResult } from './format.ts';
import { planText } from './plan-text.ts';
import { ProgressLine } from './progress.ts';

/** How a statement's result is shown. */
export type Showing = { readonly format: Format; readonly timer: boolean };

/** Runs one statement, and prints its rows if it has any. */
export async function runStatement(
  db: Database,
  statement: string,
  { format, timer }: Showing,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  const progress = new ProgressLine();
  const onProgress = (part: number): void => progress.show(part);
  const result = await db.execute(statement, undefined, { signal, onProgress }).finally(() => progress.clear());
  const plan = format === 'table' ? planText(result) : undefined;
  if (result.schema.length > 0) console.log(plan ?? formatResult(result.raw, format));
  if (timer) console.error(`${((performance.now() - start) / 1000).toFixed(3)} s`);
}
