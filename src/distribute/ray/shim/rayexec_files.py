"""Shuffle files of a node, and the server that other nodes read them from."""

import json
import os
import shutil
import signal
import subprocess

import ray

from rayexec_child import die_with_parent, node_command


def host_of(address):
    """Where a server listens: on nothing but the loopback where the cluster does too."""
    return "127.0.0.1" if address in ("127.0.0.1", "localhost") else address


def node_folder(name):
    """A folder of this node, which others on the same machine do not share. It ends with Ray's session."""
    session = ray._private.worker._global_node.get_session_dir_path()
    return os.path.join(session, name, ray.get_runtime_context().get_node_id()[:16])


@ray.remote(num_cpus=0, max_concurrency=4)
class FileServer:
    """Owns a folder on its node. Its Node child serves the files, and removes the folder when it ends."""

    def __init__(self, name, token):
        self.folder = folder = node_folder(name)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        host = host_of(ray.util.get_node_ip_address())
        self.process = subprocess.Popen(
            [*node_command(), "serve", folder, host],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "RAYEXEC_TOKEN": token},
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        port = json.loads(self.process.stdout.readline())["port"]
        self.url = f"http://{host}:{port}"

    def where(self):
        if self.process.poll() is not None:
            raise RuntimeError("the server of shuffle files has ended")
        return self.url

    def drop(self, query):
        shutil.rmtree(os.path.join(self.folder, query), ignore_errors=True)

    def end(self):
        self.process.terminate()
        self.process.wait()
