import { existsSync } from 'node:fs';
import type { Any } from '../../frontends/index.ts';
import { Connection } from '../../frontends/session/connection.ts';
import { Database } from '../../frontends/session/database.ts';
import { Engine } from '../../frontends/session/engine.ts';
import { Host } from '../../frontends/session/host.ts';
import { Session } from '../../frontends/session/session.ts';
import { defaultSettings } from '../../frontends/session/settings.ts';
import { nodePlatform } from '../../src/platform/node.ts';

const workerUrl = new URL('../../dist/worker.js', import.meta.url);

/** Where queries of the tests run. Threads need the built worker: `npm test` builds it first. */
export const places = [
  { name: 'inline', threads: 0, skip: false },
  { name: 'on two threads (needs the built dist/worker.js)', threads: 2, skip: !existsSync(workerUrl) },
] as const;

/** A database with a look at its memory. */
export type OpenSession = {
  readonly db: Database<Any>;
  readonly session: Session;
  readonly bytesInUse: () => number;
};

export async function openSession(threads: number, memoryLimit = Number.POSITIVE_INFINITY): Promise<OpenSession> {
  const settings = { ...defaultSettings(threads), inline_rows: 0 };
  const session = new Session(new Host(nodePlatform, memoryLimit, workerUrl), settings);
  const db = new Database<Any>(Connection.to(new Engine(session)));
  await db.ready();
  return { db, session, bytesInUse: () => session.host.readyMachine.memory.bytesInUse };
}
