"""What runs inside a Ray worker. Only frames go through Python: the rows in them are the Node child's business."""

import functools
import json
import os
import pickle
import socket
import time
import uuid

import ray
from ray.experimental import get_object_locations

from rayexec_child import Child, WorkerDied, end_with_raylet
from rayexec_files import node_folder
from rayexec_messages import BLOCK, DONE, END, ERROR, LOST, READ, RUN, TASK, Groups


class QueryFailed(Exception):
    """The query ran into an error of its own, as JSON: trying again would not help."""


class BlocksLost(Exception):
    """What tasks of a stage sent can't be read: these must run again."""

    def __init__(self, stage, senders):
        super().__init__(stage, senders)
        self.stage, self.senders = stage, senders

    def __str__(self):
        return f"what tasks {self.senders} of stage {self.stage} sent is lost"


class BlocksLate(Exception):
    """
    What a task reads has not come in time. With its node gone it may be made again by a task that waits for this one's CPU,
    which Ray 2.60 does not free then: the reader must begin anew when it is there.
    """


child = None
HOST = socket.gethostname()


# A worker goes on with the next of its tasks until it has worked so long, or what they sent takes so much memory.
SLICE_SECONDS = 0.25
SLICE_BYTES = 16 << 20
LITTLE_BYTES = 16 << 10
# Of little objects that a worker keeps for the next of its tasks.
KEPT_BYTES = 4 << 20
# How often a task asks, while it waits for an object, whether any node has it.
LOOKS = 10


class Objects:
    """What a stage has put into the object store, for those who read it: by groups of receivers, references by tasks."""

    def __init__(self, groups, refs):
        self.groups, self.refs = groups, refs


def run_tasks(query, stage, text, tasks, inputs, output, is_final, ledger, patience):
    """
    Runs attempts at tasks of a stage, as many as there is time for. Returns a report of each, and what it sent if that goes to
    the object store: for each group of receivers (index, blocks), where the index has receiver and checksum of each block, and
    None for a task that has not run.
    - tasks: (task, attempt) of each
    - inputs: by stage, its Objects, or a reference to the servers of its files
    - output: Groups of receivers for the object store, or the folder and query of files
    - is_final: it goes to the client, and into the report, if it is little
    - patience: seconds that it waits for what one task sent
    """
    global child
    if child is None:
        end_with_raylet()
    if child is None or not child.is_alive:
        child = Child()
    begun, size = time.monotonic(), 0
    reports, sent = [], []
    kept = Kept()
    try:
        files = {str(id): ray.get(read) for id, read in inputs.items() if isinstance(read, ray.ObjectRef)}
        child.send(RUN, data=f'{{"stage":{text},"files":{json.dumps(files)}}}'.encode())
        for task, attempt in tasks:
            report = begin(query, stage, task, attempt, ledger)
            report, objects = converse(task, inputs, kept, output, report, patience)
            if is_final and report["sent"] <= LITTLE_BYTES:
                report["blocks"] = [(index, [bytes(part) for part in parts]) for index, parts in objects]
                objects = [None] * len(objects)
            reports.append(report)
            sent += objects
            size += report["sent"]
            if time.monotonic() - begun > SLICE_SECONDS or size > SLICE_BYTES:
                break
    except BaseException as error:
        # What the child is at is not known: the next task has another one.
        if not isinstance(error, (QueryFailed, BlocksLost)):
            child.end()
        raise
    finally:
        # An error's frames must not hold objects.
        inputs.clear()
        kept.clear()
    if not isinstance(output, Groups):
        return reports
    return reports, *sent, *[None] * (len(tasks) * output.objects - len(sent))


@functools.cache
def node_id():
    return ray.get_runtime_context().get_node_id()


def begin(query, stage, task, attempt, ledger):
    report = {
        "run": uuid.uuid4().hex,
        "stage": stage,
        "task": task,
        "attempt": attempt,
        "host": HOST,
        "node": node_id(),
        "pid": os.getpid(),
        "start": time.time(),
    }
    if ledger is not None:
        ledger.begin.remote(query, report)
    return report


def converse(task, inputs, kept, output, report, patience):
    place, groups = (None, output) if isinstance(output, Groups) else (output, Groups())
    if place is not None:
        # Another run of the same attempt does not write to the same file.
        name = f"{report['stage']}.{task}.{report['attempt']}.{os.getpid()}"
        place = {"folder": node_folder(place["folder"]), "query": place["query"], "name": name}
        report = {**report, "file": f"{place['query']}/{name}"}
        os.makedirs(place["folder"], mode=0o700, exist_ok=True)
    child.send(TASK, data=json.dumps({"task": task, "attempt": report["attempt"], "output": place}).encode())
    child.flush()
    objects = [([], []) for _ in range(groups.objects)]
    while True:
        kind, numbers, checksum, data = child.receive()
        if kind == BLOCK:
            index, blocks = objects[groups.of(numbers[0])]
            index.append((numbers[0], checksum))
            blocks.append(pickle.PickleBuffer(data))
        elif kind == READ:
            give(numbers, inputs, kept, patience)
        elif kind == DONE:
            return report | json.loads(data) | {"end": time.time()}, objects
        elif kind == LOST:
            raise BlocksLost(numbers[0], json.loads(data))
        elif kind == ERROR:
            raise QueryFailed(with_place(json.loads(data), report["stage"], task))
        else:
            raise WorkerDied(f"the Node child sent a frame of kind {kind}")


def give(numbers, inputs, kept, patience):
    """Gives the child what a task sent to a receiver. One task after the other: the object store may be smaller than all."""
    stage, sender, receiver = numbers
    objects = inputs[stage]
    name = stage, objects.groups.of(receiver), sender
    found = kept.get(name)
    if found is None:
        found = by_receiver(fetch(objects.refs[name[1]][sender], patience, stage, sender))
        kept.add(name, found)
    for checksum, data in found.get(receiver, ()):
        child.send(BLOCK, stage, sender, receiver, memoryview(data), checksum)
    child.send(END, stage, sender, receiver)
    child.flush()


class Kept(dict):
    """Little objects, which the next of the tasks read too."""

    left = KEPT_BYTES

    def add(self, name, found):
        size = sum(len(memoryview(data)) for blocks in found.values() for _, data in blocks)
        if size <= min(LITTLE_BYTES, self.left):
            self[name] = found
            self.left -= size


def by_receiver(found):
    blocks = {}
    for (receiver, checksum), data in zip(*found):
        blocks.setdefault(receiver, []).append((checksum, data))
    return blocks


def fetch(ref, patience, stage, sender):
    """An object that a task has sent. Raises BlocksLate or BlocksLost."""
    try:
        found = fetched(ref, patience)
    except ray.exceptions.GetTimeoutError:
        raise BlocksLate(f"what task {sender} of stage {stage} sent has not come for {patience} s") from None
    except Exception as error:
        # Its node is gone, and Ray could not make it again: what that needs may be gone too. The child waits for an answer.
        child.end()
        raise BlocksLost(stage, [sender]) from error
    if found is None:
        # Made again, by a worker that had less time than the one before.
        child.end()
        raise BlocksLost(stage, [sender])
    return found


def fetched(ref, patience):
    """What a reference names, after `patience` seconds at most. Raises GetTimeoutError sooner where no node has it any more."""
    end = time.monotonic() + patience
    while True:
        try:
            return ray.get(ref, timeout=patience / LOOKS)
        except ray.exceptions.GetTimeoutError:
            if time.monotonic() > end or not is_somewhere(ref):
                raise


def is_somewhere(ref):
    place = get_object_locations([ref]).get(ref, {})
    return bool(place.get("node_ids")) or bool(place.get("did_spill"))


def with_place(error, stage, task):
    place = f"stage {stage}, task {task} on {HOST}"
    where = error.get("where")
    return json.dumps({**error, "where": place if where is None else f"{where}; {place}"})


# Over all nodes: by default Ray lets a worker that is there run one after another while other nodes have nothing to do.
remote_tasks = ray.remote(
    num_cpus=1, max_retries=3, retry_exceptions=[WorkerDied], scheduling_strategy="SPREAD"
)(run_tasks)


@functools.cache
def tasks_returning(count):
    return remote_tasks.options(num_returns=count)


@ray.remote(num_cpus=0)
class Ledger:
    """Knows which tasks have begun, also those that died: only what has begun twice was tried again."""

    def __init__(self):
        end_with_raylet()
        self.begun = {}

    def begin(self, query, run):
        self.begun.setdefault(query, []).append(run)

    def take(self, query):
        return self.begun.pop(query, [])
