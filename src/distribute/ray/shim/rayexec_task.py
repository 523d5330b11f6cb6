"""What runs inside a Ray worker: one Node child, which runs the tasks' plans. Only frames go through Python."""

import ctypes
import os
import signal
import struct
import subprocess

import ray

# kind, three numbers, length of the bytes that follow; see frames.ts
HEADER = struct.Struct("<IIIII")
BLOCK, RUN, DONE, ERROR = 1, 2, 3, 4


class WorkerDied(Exception):
    """The Node child ended, or can't be spoken with: the task may be tried again."""


class QueryFailed(Exception):
    """The query ran into an error of its own, as JSON: trying again would not help."""


def frame(kind, a, b, c, data):
    return HEADER.pack(kind, a, b, c, len(data))


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Child:
    """A Node process that runs one task after another."""

    def __init__(self):
        command = [os.environ["RAYEXEC_NODE"], os.environ["RAYEXEC_WORKER"]]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_parent
        )

    def send(self, kind, a, b, c, data):
        try:
            self.process.stdin.write(frame(kind, a, b, c, data))
            self.process.stdin.write(data)
        except OSError as error:
            raise WorkerDied(str(error)) from error

    def flush(self):
        try:
            self.process.stdin.flush()
        except OSError as error:
            raise WorkerDied(str(error)) from error

    def read(self, size):
        data = self.process.stdout.read(size)
        if len(data) < size:
            raise WorkerDied(f"the Node child ended with code {self.process.poll()}")
        return data

    def receive(self):
        kind, a, b, c, length = HEADER.unpack(self.read(HEADER.size))
        return kind, a, self.read(length)

    def end(self):
        self.process.kill()
        self.process.wait()


child = None


def run_task(message, task, inputs):
    """Runs a task over what others sent. Returns how many rows' blocks there are, and (their places, all bytes)."""
    global child
    if child is None or child.process.poll() is not None:
        child = Child()
    try:
        for stage, part, refs in inputs:
            for sender, ref in enumerate(refs):
                if part == "same" and sender != task:
                    continue
                # One by one: the object store may be smaller than all of them.
                index, data = ray.get(ref)
                receiver = task if part == "own" else 0
                for to, start, length in index:
                    if to == receiver:
                        child.send(BLOCK, stage, sender, 0, memoryview(data)[start : start + length])
        child.send(RUN, 0, 0, 0, message.encode())
        child.flush()
        index, blocks, end = [], [], 0
        while True:
            kind, receiver, data = child.receive()
            if kind == DONE:
                return len(index), (index, b"".join(blocks))
            if kind == ERROR:
                raise QueryFailed(data.decode())
            index.append((receiver, end, len(data)))
            blocks.append(data)
            end += len(data)
    except WorkerDied:
        child.end()
        child = None
        raise


task = ray.remote(num_cpus=1, num_returns=2, max_retries=3, retry_exceptions=[WorkerDied])(run_task)
