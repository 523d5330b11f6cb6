/** Waits, and keeps the process alive meanwhile: waiting for another thread's word in memory alone does not. */
export async function waitAlive<T>(promise: Promise<T>): Promise<T> {
  const handle = setInterval(() => undefined, 2 ** 30);
  try {
    return await promise;
  } finally {
    clearInterval(handle);
  }
}
