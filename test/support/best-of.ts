/** The least of several measurements, which end as soon as one is below the limit: machines that run tests have other work too. */
export async function bestOf(limit: number, measure: () => Promise<number>, attempts = 10): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < attempts && best >= limit; i++) best = Math.min(best, await measure());
  return best;
}
