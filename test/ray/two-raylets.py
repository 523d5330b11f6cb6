"""A Ray cluster of some raylets on this machine, on the loopback only, and more as lines of standard input ask for, until that ends."""

import json
import os
import sys
import threading
import time

os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ["RAY_TMPDIR"] = sys.argv[1]
os.makedirs(os.path.join(sys.argv[1], "ray"))
from ray._private import ray_constants  # noqa: E402
from ray._private.internal_api import get_state_from_address, node_stats  # noqa: E402
from ray.cluster_utils import Cluster  # noqa: E402

store_bytes = int(sys.argv[2])
# Stores may be smaller than Ray asks for: little data fills them.
ray_constants.OBJECT_STORE_MINIMUM_MEMORY_BYTES = min(ray_constants.OBJECT_STORE_MINIMUM_MEMORY_BYTES, store_bytes)
node = {"num_cpus": 1, "object_store_memory": store_bytes}
# GCS notices within seconds that a raylet is gone.
system = {"health_check_initial_delay_ms": 1000, "health_check_period_ms": 1000, "health_check_failure_threshold": 5}
cluster = Cluster(
    initialize_head=True,
    head_node_args={**node, "include_dashboard": sys.argv[3] == "dashboard", "_system_config": system},
)


def add_node(tries=4):
    """Ray waits half a minute for a raylet to begin, which is too little where many are killed on a busy machine."""
    try:
        cluster.add_node(**node)
    except Exception as error:
        print(error, file=sys.stderr, flush=True)
        if tries == 1:
            raise
        add_node(tries - 1)


for _ in range(1, int(sys.argv[4])):
    add_node()
cluster.wait_for_nodes()
about = {"address": cluster.address, "dashboard": cluster.head_node.webui_url}
print("CLUSTER", json.dumps(about), flush=True)


def reap():
    """Takes note of processes that were killed: to Ray's workers, a raylet of which nobody has is alive."""
    while True:
        for raylet in cluster.list_all_nodes():
            for process in [info.process for infos in raylet.all_processes.values() for info in infos]:
                process.poll()
        time.sleep(0.2)


threading.Thread(target=reap, daemon=True).start()

# One connection for all questions.
state = get_state_from_address(cluster.address)


def objects():
    """
    How many the stores keep for somebody. Copies of what is gone may be there until their room is needed; those of a raylet that
    was killed, which nobody knows of for some seconds, are gone.
    """
    count = 0
    for node in state.node_table():
        try:
            address = (node["NodeManagerAddress"], node["NodeManagerPort"])
            if node["Alive"]:
                count += node_stats(*address, include_memory_info=False).store_stats.num_object_store_primary_copies
        except Exception as error:
            print(error, file=sys.stderr, flush=True)
    return count


for line in sys.stdin:
    if line.strip() == "objects":
        print("OBJECTS", objects(), flush=True)
    else:
        # Another raylet, in place of one that was killed.
        add_node()
        print("CLUSTER", json.dumps(about), flush=True)
cluster.shutdown()
