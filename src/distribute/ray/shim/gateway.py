"""The one driver of a Ray cluster: takes queries as stages of tasks, and gives back what the last stage reads."""

import asyncio
import json
import os
import shutil
import sys
import threading

import ray
from aiohttp import web

from rayexec_task import BLOCK, DONE, ERROR, HEADER, QueryFailed, frame, task

PROTOCOL = 1


class Query:
    """One query: its stages start when all that they read is there."""

    def __init__(self, plan, blocks, emit):
        self.plan = plan
        self.emit = emit
        self.cancelled = threading.Event()
        # What the tasks of a stage sent, by stage; blocks that the client brought first.
        self.outputs = {int(stage): [ray.put((index, bytes(sent))) for index, sent in tasks] for stage, tasks in blocks.items()}
        self.waiting = {}

    def run(self):
        try:
            self.run_stages()
            for read in self.plan["root"]:
                for sender, ref in enumerate(self.outputs[read["stage"]]):
                    index, data = ray.get(ref)
                    for receiver, start, length in index:
                        if receiver == 0:
                            self.emit(BLOCK, read["stage"], sender, memoryview(data)[start : start + length])
            self.emit(DONE, 0, 0, b"")
        except ray.exceptions.RayTaskError as error:
            cause = error.cause if isinstance(error.cause, QueryFailed) else None
            self.emit(ERROR, 0, 0, (str(cause) if cause else json.dumps(internal(error))).encode())
        except Exception as error:
            self.emit(ERROR, 0, 0, json.dumps(internal(error)).encode())
        finally:
            for ref in self.waiting:
                ray.cancel(ref, force=True)

    def run_stages(self):
        todo = list(self.plan["stages"])
        left = {}
        while todo or self.waiting:
            if self.cancelled.is_set():
                raise RuntimeError("the client is gone")
            for stage in [s for s in todo if self.is_ready(s, left)]:
                todo.remove(stage)
                inputs = [(r["stage"], r["part"], self.outputs[r["stage"]]) for r in stage["reads"]]
                results = [task.remote(message, number, inputs) for number, message in enumerate(stage["messages"])]
                self.outputs[stage["id"]] = [output for _, output in results]
                left[stage["id"]] = len(results)
                for done, _ in results:
                    self.waiting[done] = stage["id"]
            ready, _ = ray.wait(list(self.waiting), num_returns=1, timeout=0.5, fetch_local=False)
            for done in ready:
                ray.get(done)
                left[self.waiting.pop(done)] -= 1

    def is_ready(self, stage, left):
        return all(r["stage"] in self.outputs and left.get(r["stage"], 0) == 0 for r in stage["reads"])


def internal(error):
    return {"code": "internal", "summary": f"a task failed on the cluster: {error}"}


def read_query(body):
    """A query's plan, and the blocks of the stages that the client has run: frames as in frames.ts."""
    plan, blocks, at = None, {}, 0
    while at < len(body):
        kind, stage, sender, receiver, length = HEADER.unpack_from(body, at)
        data = body[at + HEADER.size : at + HEADER.size + length]
        at += HEADER.size + length
        if kind != BLOCK:
            plan = json.loads(data)
            blocks = {given["stage"]: [([], bytearray()) for _ in range(given["tasks"])] for given in plan["given"]}
            continue
        index, sent = blocks[stage][sender]
        index.append((receiver, len(sent), length))
        sent += data
    return plan, blocks


async def run_query(request):
    plan, blocks = read_query(await request.read())
    if plan["protocol"] != PROTOCOL:
        text = f"the client speaks protocol {plan['protocol']}, the gateway {PROTOCOL}"
        return web.Response(status=409, text=text)
    response = web.StreamResponse()
    await response.prepare(request)
    loop = asyncio.get_running_loop()
    frames = asyncio.Queue()

    def emit(kind, a, b, data):
        packed = frame(kind, a, b, 0, data) + bytes(data)
        loop.call_soon_threadsafe(frames.put_nowait, (kind, packed))

    query = Query(plan, blocks, emit)
    threading.Thread(target=query.run, daemon=True).start()
    try:
        while True:
            kind, packed = await frames.get()
            await response.write(packed)
            if kind != BLOCK:
                break
    except (ConnectionResetError, asyncio.CancelledError):
        query.cancelled.set()
        raise
    return response


def end_with_parent(folder):
    sys.stdin.buffer.read()
    ray.shutdown()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


async def serve(socket):
    app = web.Application(client_max_size=2**31)
    app.router.add_post("/query", run_query)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.UnixSite(runner, socket).start()
    print(json.dumps({"protocol": PROTOCOL, "cpus": int(ray.cluster_resources().get("CPU", 1))}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    folder = sys.argv[1]
    threading.Thread(target=end_with_parent, args=(folder,), daemon=True).start()
    ray.init(address="local", include_dashboard=False, _temp_dir=folder, log_to_driver=False, logging_level="ERROR")
    asyncio.run(serve(os.path.join(folder, "gateway.sock")))
