"""Runs one query's stages as Ray tasks: each as soon as what it reads is there, and again when what it sent is lost."""

import asyncio
import gc
import json
import uuid

import ray

from rayexec_messages import BLOCK, DONE, END, ERROR, PROGRESS, Groups, frame
from rayexec_task import BlocksLate, BlocksLost, Objects, QueryFailed, WorkerDied, tasks_returning

# Attempts at a task whose input was lost, and at a task whose output was.
ATTEMPTS = 10
# Seconds that a task's first attempt waits for what one other sent, if that is not on its node; each attempt waits twice as long.
PATIENCE_SECONDS = 10
BEAT_SECONDS = 1
# Between two looks whether objects have been made again.
LOOK_SECONDS = 0.1
# Bytes of an answer that are written at once.
FLUSH_BYTES = 1 << 16
# Tasks that one Ray task runs at most, and Ray tasks for each CPU that there are at least before it runs several: Ray takes
# longer to begin a task than small ones take.
MOST_TOGETHER = 32
ROUNDS = 4


class Query:
    def __init__(self, cluster, plan, write):
        self.id = uuid.uuid4().hex
        self.cluster = cluster
        self.plan = plan
        self.write = write
        self.stages = {stage.id: stage for stage in plan.stages}
        # What only the last stage reads comes with the tasks' reports, if it is little.
        inner = {read for stage in plan.stages for read, _ in stage.reads}
        self.final = {read for read, _ in plan.root} - inner
        # What the tasks of a stage sent, by stage and task: references into the object store by groups of receivers, blocks in
        # their place, or the report of a file.
        self.sent = {id: [[put(blocks)] for blocks in tasks] for id, tasks in plan.given.items()}
        self.attempts = {stage.id: [0] * stage.tasks for stage in plan.stages}
        self.texts = {}
        self.tables = {}
        self.running = set()
        self.reports = []
        self.locks = {}
        self.total = sum(stage.tasks for stage in plan.stages)
        self.done = 0

    async def run(self):
        """Answers the query: blocks as they come, at last what its tasks tell, or its error."""
        own = [asyncio.ensure_future(self.beat())]
        succeeded = False
        try:
            work = asyncio.ensure_future(self.answer(own))
            own.append(work)
            await work
            succeeded = True
        except Exception as error:
            data = json.dumps(told(error)).encode()
            await self.write(frame(ERROR, data=data), data)
        finally:
            running = list(self.running)
            for waiting in own:
                waiting.cancel()
            for ref in running:
                ray.cancel(ref, force=True)
            self.cluster.drop_files(self.id)
            try:
                await asyncio.gather(*own, return_exceptions=True)
            finally:
                # Also where a client that has read the error is gone, which cancels this.
                self.forget(succeeded)

    def forget(self, succeeded):
        """Gives up all references to objects. The frames of an error hold what they know, in circles: nothing may be among it."""
        for known in (self.sent, self.texts, self.tables):
            known.clear()
        if not succeeded:
            asyncio.get_running_loop().call_later(1, gc.collect)
            if self.plan.analyze:
                self.cluster.ledger.take.remote(self.id)

    async def answer(self, own):
        if any(stage.exchange == "files" for stage in self.plan.stages):
            await self.cluster.start_servers()
        whole = {}
        tasks = {}
        for stage in self.plan.stages:
            ready = [whole[read] for read, _ in stage.reads if read in whole]
            together = max(1, min(MOST_TOGETHER, stage.tasks // (ROUNDS * self.cluster.cpus)))
            tasks[stage.id] = []
            for start in range(0, stage.tasks, together):
                numbers = list(range(start, min(start + together, stage.tasks)))
                running = asyncio.ensure_future(self.run_tasks(stage, numbers, ready))
                own.append(running)
                tasks[stage.id] += [running] * len(numbers)
            whole[stage.id] = asyncio.gather(*tasks[stage.id])
        # A failure anywhere ends the query at once, not only when its turn to be read comes.
        finished = asyncio.gather(*whole.values())
        own += [*whole.values(), finished]
        sending = asyncio.ensure_future(self.send_result(tasks))
        own.append(sending)
        await asyncio.gather(finished, sending)
        begun = await self.cluster.ledger.take.remote(self.id) if self.plan.analyze else []
        data = json.dumps({"tasks": self.reports, "begun": begun}).encode()
        await self.write(frame(DONE, data=data), data)

    async def send_result(self, tasks):
        """Hands on what the last stage reads, task by task, as soon as each is through."""
        waiting = bytearray()

        async def flush(*rest):
            nonlocal waiting
            written, waiting = waiting, bytearray()
            await self.write(written, *rest)

        for stage, _ in self.plan.root:
            for sender in range(len(tasks[stage]) if stage in tasks else len(self.sent[stage])):
                if stage in tasks and not tasks[stage][sender].done():
                    await flush()
                    await asyncio.shield(tasks[stage][sender])
                index, blocks = await self.blocks_of(stage, sender)
                for (receiver, checksum), data in zip(index, blocks):
                    if receiver == 0:
                        block = memoryview(data)
                        waiting += frame(BLOCK, stage, sender, 0, block, checksum)
                        if len(block) < FLUSH_BYTES:
                            waiting += block
                        else:
                            # Nothing comes between a frame's header and its bytes.
                            await flush(block)
                waiting += frame(END, stage, sender)
                if len(waiting) >= FLUSH_BYTES:
                    await flush()
        await flush()

    async def blocks_of(self, stage, sender):
        """What a task sent. When its node is gone, and Ray can't make it again, the task runs again."""
        for tries in range(ATTEMPTS):
            seen = {stage: list(self.attempts.get(stage, ()))}
            try:
                blocks, *_ = self.sent[stage][sender]
                if isinstance(blocks, ray.ObjectRef):
                    blocks = await blocks
                if blocks is None:
                    raise BlocksLost(stage, [sender])
                return blocks
            except Exception:
                if stage not in self.stages or tries == ATTEMPTS - 1:
                    raise
                await self.restore(BlocksLost(stage, [sender]), seen)

    async def beat(self):
        """Tells how far the query is, also so that a client that is gone is noticed."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self.write(frame(PROGRESS, self.done, self.total))

    async def run_tasks(self, stage, numbers, ready=()):
        """Runs tasks one after another; what there is no time for runs by itself, so that others take part."""
        for inputs in ready:
            await asyncio.shield(inputs)
        async with self.cluster.slots:
            done = await self.attempt(stage, numbers)
        self.done += done
        await self.write(frame(PROGRESS, self.done, self.total))
        await asyncio.gather(*(self.run_tasks(stage, [number]) for number in numbers[done:]))

    async def attempt(self, stage, numbers):
        """Runs tasks until they succeed; what they can't read runs again first. Returns how many of them have run."""
        self.sent.setdefault(stage.id, [None] * stage.tasks)
        for tries in range(ATTEMPTS):
            seen = {read: list(self.attempts.get(read, ())) for read, _ in stage.reads}
            try:
                return await self.submit(stage, numbers, PATIENCE_SECONDS << tries)
            except Exception as error:
                lost = cause_of(error)
                if not isinstance(lost, (BlocksLost, BlocksLate)) or tries == ATTEMPTS - 1:
                    raise
                if isinstance(lost, BlocksLost):
                    await self.restore(lost, seen)
                else:
                    await self.inputs_are_there(stage)

    async def inputs_are_there(self, stage):
        """Waits for what Ray makes again, or says that it can't: its readers would take the CPUs of the tasks that do."""
        read = [sent for id, _ in stage.reads for sent in self.sent[id]]
        refs = [ref for sent in read if isinstance(sent, list) for ref in sent if isinstance(ref, ray.ObjectRef)]
        while ray.wait(refs, num_returns=len(refs), timeout=0, fetch_local=False)[1]:
            await asyncio.sleep(LOOK_SECONDS)

    async def restore(self, lost, seen):
        stage = self.stages.get(lost.stage)
        if stage is None:
            raise RuntimeError("rows that came with the query are damaged")
        if stage.exchange == "files":
            await self.cluster.renew_servers()
        await asyncio.gather(*(self.run_again(stage, sender, seen[stage.id][sender]) for sender in lost.senders))

    async def run_again(self, stage, sender, attempt):
        async with self.locks.setdefault((stage.id, sender), asyncio.Lock()):
            # Whoever noticed it first has run it again.
            if self.attempts[stage.id][sender] == attempt:
                self.attempts[stage.id][sender] += 1
                await self.attempt(stage, [sender])

    async def submit(self, stage, numbers, patience):
        if stage.id not in self.texts:
            self.texts[stage.id] = ray.put(stage.text)
        inputs = {read: await self.input_of(read, part, numbers) for read, part in stage.reads}
        tasks = [(number, self.attempts[stage.id][number]) for number in numbers]
        objects = stage.groups.objects
        output = self.cluster.file_output(self.id, stage) or stage.groups
        ledger = self.cluster.ledger if self.plan.analyze else None
        returned = tasks_returning(1 + len(tasks) * objects if output is stage.groups else 1).remote(
            self.id, stage.id, self.texts[stage.id], tasks, inputs, output, stage.id in self.final, ledger, patience
        )
        reports_ref, *sent = returned if output is stage.groups else [returned]
        self.running.add(reports_ref)
        try:
            reports = await reports_ref
        except Exception as error:
            raise placed(error, stage.id, numbers) from error
        finally:
            inputs.clear()
            self.running.discard(reports_ref)
        for i, report in enumerate(reports):
            blocks = report.pop("blocks", None)
            self.reports.append(report)
            own = blocks or sent[i * objects : (i + 1) * objects]
            self.sent[stage.id][numbers[i]] = own if output is stage.groups else report
        self.tables.pop(stage.id, None)
        return len(reports)

    async def input_of(self, stage, part, numbers):
        """What tasks are told of a stage that they read: references, or where the files are, which all tasks share."""
        if stage not in self.stages or self.stages[stage].exchange == "store":
            groups = self.stages[stage].groups if stage in self.stages else Groups()
            read = {groups.of(number) for number in numbers} if part == "own" else {0}
            return Objects(groups, {group: [sent[group] for sent in self.sent[stage]] for group in read})
        if stage not in self.tables:
            reports = self.sent[stage]
            servers = await asyncio.gather(*(self.cluster.server_of(r["node"]) for r in reports), return_exceptions=True)
            lost = [sender for sender, server in enumerate(servers) if isinstance(server, Exception)]
            if lost:
                raise BlocksLost(stage, lost)
            self.tables[stage] = ray.put(self.cluster.file_table(servers, [r["file"] for r in reports]))
        return self.tables[stage]


def put(blocks):
    return ray.put(([(receiver, checksum) for receiver, checksum, _ in blocks], [bytes(data) for *_, data in blocks]))


def cause_of(error):
    return getattr(error, "cause", None) or error


def placed(error, stage, numbers):
    """The error of a task; if it is Ray's, with the tasks that it came from."""
    cause = cause_of(error)
    if isinstance(cause, (QueryFailed, BlocksLost, BlocksLate)):
        return cause
    if isinstance(cause, WorkerDied):
        why = f"the Node process of a worker died again and again: {cause}"
    else:
        why = f"a task failed on the cluster: {str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__}"
    tasks = f"task {numbers[0]}" if len(numbers) == 1 else f"tasks {numbers[0]} to {numbers[-1]}"
    return QueryFailed(json.dumps({"code": "io", "summary": why, "where": f"stage {stage}, {tasks}"}))


def told(error):
    cause = cause_of(error)
    if isinstance(cause, QueryFailed):
        return json.loads(str(cause))
    if isinstance(cause, (BlocksLost, BlocksLate)):
        return {"code": "io", "summary": f"the query failed on the cluster, after {ATTEMPTS} attempts: {cause}"}
    return {"code": "internal", "summary": f"the query failed on the cluster: {type(cause).__name__}: {cause}"}
