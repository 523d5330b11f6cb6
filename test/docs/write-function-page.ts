import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functionPage } from './function-page.ts';

const path = fileURLToPath(new URL('../../docs/functions.md', import.meta.url));
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, functionPage());
