import { parentPort, workerData } from 'node:worker_threads';
import { ENTRY_BYTES } from '../../src/memory/cached-pages.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';

// One of several threads that find, publish and drop pages of one cache at random; tells what it found and what was wrong.
const {
  memory: shared,
  seed,
  milliseconds,
} = workerData as {
  readonly memory: WebAssembly.Memory;
  readonly seed: number;
  readonly milliseconds: number;
};
const memory = LinearMemory.attach(shared);
const PAGES = 400;
const byteOf = (page: number): number => (page * 37 + 11) % 256;
const sizeOf = (page: number): number => 1000 + ((page * 7919) % 60_000);
let state = seed;
const random = (n: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};
let pages = memory.pages.open(memory.newOwner())!;
const held: { readonly entry: number; readonly page: number }[] = [];
const counts = { found: 0, published: 0, evicted: 0, wrong: 0 };
const check = (entry: number, page: number): void => {
  const at = entry + ENTRY_BYTES;
  const { u8 } = memory;
  for (const i of [0, sizeOf(page) >> 1, sizeOf(page) - 1]) if (u8[at + i] !== byteOf(page)) counts.wrong++;
};

for (const end = Date.now() + milliseconds; Date.now() < end; ) {
  const page = random(PAGES);
  const entry = pages.find(7, page * 1e6);
  if (entry !== 0) {
    counts.found++;
    check(entry, page);
    if (held.length < 30) held.push({ entry, page });
    else pages.letGo(entry);
  } else {
    const size = sizeOf(page);
    const own = pages.reserve(size);
    if (own !== 0) {
      memory.u8.fill(byteOf(page), own + ENTRY_BYTES, own + ENTRY_BYTES + size);
      pages.publish(7, page * 1e6, own);
      pages.letGo(own);
      counts.published++;
    }
  }
  if (held.length > 0 && random(3) === 0) {
    const [one] = held.splice(random(held.length), 1);
    check(one!.entry, one!.page);
    pages.letGo(one!.entry);
  }
  if (random(40) === 0 && memory.pages.evict(1 + random(40))) counts.evicted++;
  if (random(500) === 0) {
    for (const { entry: of, page: kept } of held) check(of, kept);
    held.length = 0;
    pages.close();
    pages = memory.pages.open(memory.newOwner())!;
  }
}
pages.close();
parentPort!.postMessage(counts);
