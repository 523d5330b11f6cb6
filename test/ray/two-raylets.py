"""A Ray cluster of some raylets on this machine, on the loopback only, and more as lines of standard input ask for, until that ends."""

import json
import os
import sys
import time

os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ["RAY_TMPDIR"] = sys.argv[1]
os.makedirs(os.path.join(sys.argv[1], "ray"))
from ray._private.internal_api import get_memory_info_reply, get_state_from_address  # noqa: E402
from ray.cluster_utils import Cluster  # noqa: E402

store_bytes = int(sys.argv[2])
node = {"num_cpus": 1, "object_store_memory": store_bytes}
# GCS notices within seconds that a raylet is gone.
system = {"health_check_initial_delay_ms": 1000, "health_check_period_ms": 1000, "health_check_failure_threshold": 5}
cluster = Cluster(
    initialize_head=True,
    head_node_args={**node, "include_dashboard": sys.argv[3] == "dashboard", "_system_config": system},
)
for _ in range(1, int(sys.argv[4])):
    cluster.add_node(**node)
cluster.wait_for_nodes()
about = {"address": cluster.address, "dashboard": cluster.head_node.webui_url}
print("CLUSTER", json.dumps(about), flush=True)


def objects():
    """How many there are; asks again while it is a raylet that was killed that is asked, which nobody knows of for some seconds."""
    for _ in range(30):
        try:
            return get_memory_info_reply(get_state_from_address(cluster.address)).store_stats.num_local_objects
        except Exception as error:
            print(error, file=sys.stderr, flush=True)
            time.sleep(1)
    raise RuntimeError("no raylet answers")


for line in sys.stdin:
    if line.strip() == "objects":
        print("OBJECTS", objects(), flush=True)
    else:
        # Another raylet, in place of one that was killed.
        cluster.add_node(**node)
        print("CLUSTER", json.dumps(about), flush=True)
cluster.shutdown()
