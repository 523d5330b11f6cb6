"""The one driver of a Ray cluster: takes queries as stages of tasks, and gives back what the last stage reads."""

import asyncio
import hashlib
import hmac
import json
import os
import shutil
import sys
import threading
import time

# Errors of tasks are the client's, and told there.
os.environ["RAY_IGNORE_UNHANDLED_ERRORS"] = "1"

import ray
from aiohttp import web
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from rayexec_child import HERE, node_command
from rayexec_files import FileServer, host_of, sweep
from rayexec_messages import MAX_QUERY, PROTOCOL, Refused, read_query
from rayexec_query import Query
from rayexec_task import Ledger

TOKEN = os.environ["RAYEXEC_TOKEN"]
# Seconds without a client until the gateway ends, where it is not a client's child.
LEASE_SECONDS = 30


def bundle_hash():
    """Of all code that the cluster runs: the client has the same, or its plans are not understood."""
    digest = hashlib.sha256()
    shim = sorted(name for name in os.listdir(HERE) if name.endswith(".py"))
    for path in [*(os.path.join(HERE, name) for name in shim), node_command()[1]]:
        digest.update(f"{os.path.basename(path)}\n".encode())
        with open(path, "rb") as file:
            digest.update(file.read())
    modules = os.environ.get("RAYEXEC_MODULES") or os.path.join(HERE, "modules")
    found = [os.path.join(folder, name) for folder, _, names in os.walk(modules) for name in names]
    for name, path in sorted((os.path.relpath(path, modules), path) for path in found):
        digest.update(f"{name}\n".encode())
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


class Cluster:
    """What queries share."""

    def __init__(self):
        self.cpus = int(ray.cluster_resources().get("CPU", 1))
        # More tasks than can run soon only take the driver's memory.
        self.slots = asyncio.Semaphore(max(64, 4 * self.cpus))
        self.folder = f"rayexec-{os.getpid()}"
        self.servers = {}
        self.queries_with_files = set()

    @property
    def ledger(self):
        if not hasattr(self, "_ledger"):
            # Where nothing outlives it that it knows of.
            here = ray.get_runtime_context().get_node_id()
            strategy = NodeAffinitySchedulingStrategy(node_id=here, soft=False)
            self._ledger = Ledger.options(scheduling_strategy=strategy).remote()
        return self._ledger

    def file_output(self, query, stage):
        if stage.exchange == "store":
            return None
        self.queries_with_files.add(query)
        return {"folder": self.folder, "query": query}

    def file_table(self, servers, files):
        return {"token": TOKEN, "files": [list(item) for item in zip(servers, files)]}

    async def start_servers(self):
        """One on each node, before there are files: it removes them when it ends."""
        nodes = [node["NodeID"] for node in ray.nodes() if node["Alive"]]
        # Of those that are gone meanwhile nothing is read.
        await asyncio.gather(*map(self.server_of, nodes), return_exceptions=True)

    def sweep(self):
        """Removes what gateways have left that were killed."""
        for node in ray.nodes():
            if node["Alive"]:
                strategy = NodeAffinitySchedulingStrategy(node_id=node["NodeID"], soft=True)
                sweep.options(scheduling_strategy=strategy).remote()

    async def server_of(self, node):
        """Where the files of a node are read. Raises Ray's errors when the node is gone."""
        if node not in self.servers:
            strategy = NodeAffinitySchedulingStrategy(node_id=node, soft=False)
            server = FileServer.options(scheduling_strategy=strategy).remote(self.folder, TOKEN)
            self.servers[node] = server, asyncio.ensure_future(server.where.remote())
        try:
            return await asyncio.shield(self.servers[node][1])
        except ray.exceptions.RayError:
            self.servers.pop(node, None)
            raise

    async def renew_servers(self):
        """Forgets the servers that have ended, with their nodes or without."""
        for node, (server, _) in list(self.servers.items()):
            try:
                await asyncio.wait_for(server.where.remote(), 5)
            except Exception:
                self.servers.pop(node, None)

    def drop_files(self, query):
        if query not in self.queries_with_files:
            return
        self.queries_with_files.discard(query)
        drop = lambda: [server.drop.remote(query) for server, _ in self.servers.values()]
        drop()
        # A task that was being killed may have written since.
        asyncio.get_running_loop().call_later(2, drop)

    async def end(self):
        """Ends the servers, and with them their folders. Those of nodes that are gone do not answer."""
        ending = [asyncio.wrap_future(server.end.remote().future()) for server, _ in self.servers.values()]
        if ending:
            await asyncio.wait(ending, timeout=2)


class Gateway:
    """Answers HTTP: only requests with the token."""

    def __init__(self, cluster, bundle):
        self.cluster = cluster
        self.bundle = bundle
        self.clients = 0
        self.last_seen = time.monotonic()

    def app(self):
        app = web.Application(middlewares=[self.check_token], client_max_size=MAX_QUERY)
        app.router.add_get("/version", self.version)
        app.router.add_get("/lease", self.lease)
        app.router.add_post("/query", self.query)
        return app

    @web.middleware
    async def check_token(self, request, handler):
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, f"Bearer {TOKEN}".encode()):
            return web.Response(status=401, text="the gateway takes requests with its token only")
        return await handler(request)

    def about(self):
        return {"protocol": PROTOCOL, "bundle": self.bundle, "cpus": self.cluster.cpus, "ray": ray.__version__}

    async def version(self, _):
        return web.json_response(self.about())

    async def lease(self, request):
        """Stays open as long as the client: without one the gateway ends after a while."""
        response = web.StreamResponse()
        await response.prepare(request)
        self.clients += 1
        try:
            while True:
                await response.write(b".")
                await asyncio.sleep(5)
        finally:
            self.clients -= 1
            self.last_seen = time.monotonic()

    async def wait_for_clients(self):
        while self.clients > 0 or time.monotonic() - self.last_seen < LEASE_SECONDS:
            await asyncio.sleep(1)

    async def query(self, request):
        if (request.content_length or 0) > MAX_QUERY:
            return web.Response(status=413, text=f"a query has at most {MAX_QUERY} bytes")
        try:
            plan = read_query(await request.read(), self.bundle)
        except Refused as refused:
            return web.Response(status=refused.status, text=str(refused))
        response = web.StreamResponse()
        await response.prepare(request)
        writing = asyncio.Lock()

        async def write(*parts):
            async with writing:
                for part in parts:
                    if len(part) > 0:
                        await response.write(part)

        # When the client is gone, this is cancelled, and with it what the query runs.
        await Query(self.cluster, plan, write).run()
        return response


def watch_parent(listening, end):
    """The gateway ends with its input: at once while it waits for Ray, which may be gone."""
    sys.stdin.buffer.read()
    if listening.is_set():
        end()
    else:
        os._exit(1)


async def main():
    ended = asyncio.Event()
    listening = threading.Event()
    is_child = os.environ.get("RAYEXEC_PARENT") == "stdin"
    if is_child:
        loop = asyncio.get_running_loop()
        end = lambda: loop.call_soon_threadsafe(ended.set)
        threading.Thread(target=watch_parent, args=(listening, end), daemon=True).start()
    # A job is told by Ray which cluster it belongs to.
    address = os.environ.get("RAYEXEC_ADDRESS", "auto")
    names = ("RAYEXEC_NODE", "RAYEXEC_WORKER", "RAYEXEC_MODULES")
    # Workers on nodes that run already do not have this process's environment.
    env = {name: os.environ[name] for name in names if name in os.environ}
    ray.init(
        address=address,
        log_to_driver=False,
        logging_level="ERROR",
        runtime_env={"env_vars": {**env, "PYTHONPATH": HERE}} if env else None,
        **({"include_dashboard": False, "_temp_dir": os.environ["RAYEXEC_FOLDER"]} if address == "local" else {}),
    )
    cluster = Cluster()
    cluster.sweep()
    gateway = Gateway(cluster, bundle_hash())
    runner = web.AppRunner(gateway.app(), handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    listen = os.environ.get("RAYEXEC_LISTEN")
    if listen is not None:
        await web.UnixSite(runner, listen).start()
    else:
        await web.TCPSite(runner, host_of(ray.util.get_node_ip_address()), 0).start()
    about = gateway.about() | {"host": ray.util.get_node_ip_address(), "address": runner.addresses[0]}
    print("RAYEXEC", json.dumps(about), flush=True)
    listening.set()
    if is_child:
        await ended.wait()
    else:
        await gateway.wait_for_clients()
    await cluster.end()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
    ray.shutdown()
    # The client's, which may have vanished.
    if "RAYEXEC_FOLDER" in os.environ:
        shutil.rmtree(os.environ["RAYEXEC_FOLDER"], ignore_errors=True)
