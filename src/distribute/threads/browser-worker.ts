import { browserPlatform } from '../../platform/browser.ts';
import { browserWorkerPort } from '../../platform/browser-worker.ts';
import { serveQueries } from './serve-queries.ts';

// The module that a worker thread of a page runs.
void browserWorkerPort().then(({ port, files }) => serveQueries(port, browserPlatform(files)));
