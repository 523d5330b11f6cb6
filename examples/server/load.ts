// Asks the server as 50 clients do: npx tsx examples/server/load.ts 10000. Prints what came out, as JSON.
import type { AddressInfo } from 'node:net';
import { startServer } from './http-server.ts';

const total = Number(process.argv[2] ?? 10_000);
const { server, close } = await startServer(0, 2_000);
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const url = `${base}/orders?priority=1-URGENT`;

const answers: Record<number, number> = {};
const bodies = new Set<string>();

/** Asks `count` times, 50 requests at once. */
async function ask(count: number): Promise<void> {
  let left = count;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const response = await fetch(url);
      bodies.add(await response.text());
      answers[response.status] = (answers[response.status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 50 }, client));
}

/** Megabytes that this process holds when nobody asks: its JavaScript objects, and all of its memory. */
async function megabytes(): Promise<{ readonly objects: number; readonly process: number }> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  return { objects: (heapUsed + external + arrayBuffers) / 2 ** 20, process: rss / 2 ** 20 };
}

await ask(total / 10);
const before = await megabytes();
await ask((total * 9) / 10);
const after = await megabytes();
const grownMegabytes = {
  objects: Math.round(after.objects - before.objects),
  process: Math.round(after.process - before.process),
};

const refused = [(await fetch(`${base}/orders`)).status, (await fetch(`${base}/nothing`)).status];
const start = performance.now();
const slow = await fetch(`${base}/slow`);
const body = await slow.json();
const milliseconds = Math.round(performance.now() - start);
// A client that goes away ends its query: the next one is answered at once.
await fetch(`${base}/slow`, { signal: AbortSignal.timeout(50) }).catch(() => undefined);
const afterGivingUp = (await fetch(url)).status;
await close();
console.log(
  JSON.stringify({
    answers,
    different: bodies.size,
    refused,
    slow: { status: slow.status, body, milliseconds },
    afterGivingUp,
    grownMegabytes,
  }),
);
