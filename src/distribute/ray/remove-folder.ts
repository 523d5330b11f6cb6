import { renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Removes a node's folder of shuffle files, with its lock, and the one around it if that is empty now. */
export function removeFolder(folder: string): void {
  const away = `${folder}.gone`;
  try {
    // Who still writes finds nothing here, rather than writing what nobody removes.
    renameSync(folder, away);
  } catch {
    // It has gone already.
  }
  rmSync(away, { recursive: true, force: true });
  rmSync(`${folder}.lock`, { force: true });
  try {
    rmdirSync(dirname(folder));
  } catch {
    // Other nodes of the machine have folders there.
  }
}
