"""What runs inside a Ray worker. Only frames go through Python: the rows in them are the Node child's business."""

import json
import os
import pickle
import socket
import time
import uuid

import ray

from rayexec_child import Child, WorkerDied, end_with_raylet
from rayexec_files import node_folder
from rayexec_messages import BLOCK, DONE, END, ERROR, LOST, READ, RUN


class QueryFailed(Exception):
    """The query ran into an error of its own, as JSON: trying again would not help."""


class BlocksLost(Exception):
    """What tasks of a stage sent can't be read: these must run again."""

    def __init__(self, stage, senders):
        super().__init__(stage, senders)
        self.stage, self.senders = stage, senders


class BlocksLate(Exception):
    """
    What a task reads has not come in time. With its node gone it may be made again by a task that waits for this one's CPU,
    which Ray 2.60 does not free then: the reader must begin anew, behind it.
    """


child = None


def run_task(query, stage, text, task, attempt, inputs, output, ledger, patience):
    """
    Runs an attempt at a task. Returns a report, and what it sent if that goes to the object store: (index, blocks), where
    the index has receiver and checksum of each block.
    - inputs: by stage, (part, references to what its tasks sent) or the servers of their files
    - output: None for the object store, or the folder, query and name of a file
    - patience: seconds that it waits for what one task sent
    """
    global child
    retry = ray._private.worker.global_worker.core_worker.get_current_task_attempt_number()
    node = ray.get_runtime_context().get_node_id()
    report = {
        "run": uuid.uuid4().hex,
        "stage": stage,
        "task": task,
        "attempt": attempt,
        "retry": retry,
        "host": socket.gethostname(),
        "node": node,
        "pid": os.getpid(),
        "start": time.time(),
    }
    if ledger is not None:
        ledger.begin.remote(query, report)
    if child is None:
        end_with_raylet()
    if child is None or not child.is_alive:
        child = Child()
    try:
        return converse(text, task, inputs, output, report, patience)
    except BaseException as error:
        # What the child is at is not known: the next task has another one.
        if not isinstance(error, (QueryFailed, BlocksLost)):
            child.end()
        raise
    finally:
        # An error's frames must not hold objects.
        inputs.clear()


def converse(text, task, inputs, output, report, patience):
    from_files = {stage: servers for stage, (part, servers) in inputs.items() if part is None}
    if output is not None:
        # Another run of the same attempt does not write to the same file.
        output = {**output, "folder": node_folder(output["folder"]), "name": f"{output['name']}.{os.getpid()}"}
        report = {**report, "file": f"{output['query']}/{output['name']}"}
        os.makedirs(output["folder"], mode=0o700, exist_ok=True)
    told = json.dumps({"task": task, "attempt": report["attempt"], "files": resolved(from_files), "output": output})
    child.send(RUN, data=f'{{"stage":{text},"told":{told}}}'.encode())
    child.flush()
    index, blocks = [], []
    while True:
        kind, numbers, checksum, data = child.receive()
        if kind == BLOCK:
            index.append((numbers[0], checksum))
            blocks.append(pickle.PickleBuffer(data))
        elif kind == READ:
            give(numbers, inputs, patience)
        elif kind == DONE:
            return report | json.loads(data) | {"end": time.time()}, (index, blocks)
        elif kind == LOST:
            raise BlocksLost(numbers[0], json.loads(data))
        elif kind == ERROR:
            raise QueryFailed(with_place(json.loads(data), report["stage"], task))
        else:
            raise WorkerDied(f"the Node child sent a frame of kind {kind}")


def give(numbers, inputs, patience):
    """Gives the child what a task sent to a receiver. One task after the other: the object store may be smaller than all."""
    stage, sender, receiver = numbers
    try:
        index, blocks = ray.get(inputs[stage][1][sender], timeout=patience)
    except ray.exceptions.GetTimeoutError:
        raise BlocksLate(f"what task {sender} of stage {stage} sent has not come for {patience} s") from None
    except Exception as error:
        # Its node is gone, and Ray could not make it again: what that needs may be gone too. The child waits for an answer.
        child.end()
        raise BlocksLost(stage, [sender]) from error
    for (to, checksum), data in zip(index, blocks):
        if to == receiver:
            child.send(BLOCK, stage, sender, receiver, memoryview(data), checksum)
    child.send(END, stage, sender, receiver)
    child.flush()


def resolved(from_files):
    return {str(stage): ray.get(servers) for stage, servers in from_files.items()}


def with_place(error, stage, task):
    place = f"stage {stage}, task {task} on {socket.gethostname()}"
    where = error.get("where")
    return json.dumps({**error, "where": place if where is None else f"{where}; {place}"})


task = ray.remote(num_cpus=1, num_returns=2, max_retries=3, retry_exceptions=[WorkerDied])(run_task)


@ray.remote(num_cpus=0)
class Ledger:
    """Knows which tasks have begun, also those that died: only what has begun twice was tried again."""

    def __init__(self):
        self.begun = {}

    def begin(self, query, run):
        self.begun.setdefault(query, []).append(run)

    def take(self, query):
        return self.begun.pop(query, [])
