import { nodePlatform } from '../../platform/node.ts';
import { nodeWorkerPort } from '../../platform/node-worker.ts';
import { serveQueries } from './serve-queries.ts';

// The module that a worker thread of Node runs.
serveQueries(nodeWorkerPort(), nodePlatform);
