// A server: one database for all requests. A client that goes away, or a query that takes too long, ends its own query only.
//   npx tsx examples/server/http-server.ts 8080      then: curl 'localhost:8080/orders?priority=1-URGENT'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, count, desc, RayexecError } from 'rayexec';

const STATUS: Readonly<Record<string, number>> = { 'invalid-argument': 400, timeout: 503, memory: 503 };

/** A server that answers from tables in memory; close() ends it and gives their memory back. */
export async function startServer(
  port: number,
  timeout = 5_000,
): Promise<{ server: Server; close: () => Promise<void> }> {
  type Tables = { orders: { id: 'int64'; customer: 'int64'; priority: 'string'; total: 'decimal' } };
  const db = connect<Tables>();
  await db.execute(`CREATE TABLE orders AS
    SELECT o_orderkey AS id, o_custkey AS customer, o_orderpriority AS priority, o_totalprice AS total FROM tpch_orders(0.01)`);
  const orders = db.table('orders');

  /** Frames are plans: made once or for each request, they cost nothing to keep or to drop. */
  async function answer(url: URL, signal: AbortSignal): Promise<unknown> {
    switch (url.pathname) {
      case '/orders': {
        const priority = url.searchParams.get('priority');
        if (priority === null) throw new RayexecError('invalid-argument', 'which priority?');
        const some = orders.filter(t => t.priority.eq(priority));
        return some
          .groupBy('customer')
          .agg(t => ({ n: count(), total: t.total.sum() }))
          .sort(desc('total'), 'customer')
          .limit(3)
          .collect({ signal });
      }
      case '/slow':
        // Trillions of pairs: it never ends by itself.
        return db
          .sql('SELECT count(*) AS n FROM orders a, orders b, orders c WHERE a.total + b.total + c.total = 0.1')
          .one({ signal });
      default:
        return undefined;
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const url = new URL(request.url ?? '/', 'http://localhost');
    try {
      const found = await answer(url, AbortSignal.any([gone.signal, AbortSignal.timeout(timeout)]));
      send(response, found === undefined ? 404 : 200, found ?? { error: 'there is nothing here' });
    } catch (error) {
      if (gone.signal.aborted) return;
      const code = error instanceof RayexecError ? error.code : 'internal';
      send(response, STATUS[code] ?? 500, { error: code });
    }
  }

  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await db.close();
  };
  return { server, close };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

if (process.argv[1]?.endsWith('http-server.ts') && process.argv[2] !== undefined)
  await startServer(Number(process.argv[2]));
