"""A Ray cluster of two raylets on this machine, on the loopback only, and more as lines of standard input ask for, until that ends."""

import json
import os
import sys

os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ["RAY_TMPDIR"] = sys.argv[1]
os.makedirs(os.path.join(sys.argv[1], "ray"))
from ray.cluster_utils import Cluster  # noqa: E402

store_bytes = int(sys.argv[2])
node = {"num_cpus": 1, "object_store_memory": store_bytes}
# GCS notices within seconds that a raylet is gone.
system = {"health_check_initial_delay_ms": 1000, "health_check_period_ms": 1000, "health_check_failure_threshold": 5}
cluster = Cluster(
    initialize_head=True,
    head_node_args={**node, "include_dashboard": sys.argv[3] == "dashboard", "_system_config": system},
)
cluster.add_node(**node)
cluster.wait_for_nodes()
about = {"address": cluster.address, "dashboard": cluster.head_node.webui_url}
print("CLUSTER", json.dumps(about), flush=True)
for line in sys.stdin:
    # Any line asks for another raylet, in place of one that was killed.
    cluster.add_node(**node)
    print("CLUSTER", json.dumps(about), flush=True)
cluster.shutdown()
