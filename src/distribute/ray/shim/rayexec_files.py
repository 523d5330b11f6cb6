"""Shuffle files of a node, and the server that other nodes read them from."""

import fcntl
import glob
import json
import os
import select
import shutil
import subprocess
import threading
import time

import ray

from rayexec_child import end_with_raylet, node_command

# Between two looks for what nodes have left that are gone.
SWEEP_SECONDS = 5


def host_of(address):
    """Where a server listens: on nothing but the loopback where the cluster does too."""
    return "127.0.0.1" if address in ("127.0.0.1", "localhost") else address


def node_folder(name):
    """A folder of this node, which others on the same machine do not share. It ends with Ray's session."""
    session = ray._private.worker._global_node.get_session_dir_path()
    return os.path.join(session, name, ray.get_runtime_context().get_node_id()[:16])


def locked(folder):
    """An open file that says that a folder is in use until this process ends; None if another process says so."""
    file = open(f"{folder}.lock", "w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file
    except OSError:
        file.close()
        return None


def remove_left():
    """Removes the folders of this machine whose servers have ended: with a node, what still wrote may have outlived them."""
    session = ray._private.worker._global_node.get_session_dir_path()
    found = glob.glob(os.path.join(os.path.dirname(session), "session_*", "rayexec-*", "*"))
    for folder in {path.removesuffix(".lock") for path in found}:
        try:
            lock = locked(folder)
        except OSError:
            # Another user's.
            continue
        if lock is not None:
            with lock:
                remove(folder)


def remove(folder):
    """Removes a folder with its lock, and what was around it, if that is empty now."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        os.remove(f"{folder}.lock")
        os.rmdir(os.path.dirname(folder))
    except OSError:
        pass


sweep = ray.remote(num_cpus=0)(remove_left)


@ray.remote(num_cpus=0, max_concurrency=4)
class FileServer:
    """
    Owns a folder on its node. A Node process serves the files, and removes the folder when this one ends, however it does. Ray
    kills the children of workers that it ends: a shell hands it on to the system.
    """

    def __init__(self, name, token):
        self.folder = folder = node_folder(name)
        os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
        self.lock = locked(folder)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        host = host_of(ray.util.get_node_ip_address())
        self.process = subprocess.Popen(
            # What runs in the background has no input of its own.
            ["sh", "-c", 'exec 3<&0; "$@" <&3 3<&- &', "sh", *node_command(), "serve", folder, host],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "RAYEXEC_TOKEN": token},
            start_new_session=True,
        )
        self.process.wait()
        port = json.loads(self.process.stdout.readline())["port"]
        self.url = f"http://{host}:{port}"
        end_with_raylet(self.end)
        threading.Thread(target=self.go_on_sweeping, daemon=True).start()

    def go_on_sweeping(self):
        while True:
            remove_left()
            time.sleep(SWEEP_SECONDS)

    def where(self):
        # Nothing more comes than its end.
        if select.select([self.process.stdout], [], [], 0)[0]:
            raise RuntimeError("the server of shuffle files has ended")
        return self.url

    def drop(self, query):
        shutil.rmtree(os.path.join(self.folder, query), ignore_errors=True)

    def end(self):
        self.process.stdin.close()
        # It has removed the folder, or has ended.
        self.process.stdout.readline()
        remove(self.folder)
