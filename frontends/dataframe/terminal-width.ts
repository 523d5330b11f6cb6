/** What Node, Deno and Bun say of standard output. */
type Process = { readonly stdout?: { readonly columns?: number | undefined } | undefined };

/** Columns of the terminal that the program writes to; infinite where it writes to something else. */
export function terminalWidth(): number {
  const { process } = globalThis as { readonly process?: Process | undefined };
  return process?.stdout?.columns ?? Number.POSITIVE_INFINITY;
}
