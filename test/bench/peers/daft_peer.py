"""Daft on a Ray cluster of its own as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}.
Arguments: CPUs, folder of Parquet files, tables."""
import os, sys

os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ["DAFT_PROGRESS_BAR"] = "0"
import daft, ray
from serve import serve

ray.init(num_cpus=int(sys.argv[1]), include_dashboard=False, log_to_driver=False, logging_level="ERROR")
daft.set_runner_ray()
folder, names = sys.argv[2], sys.argv[3:]
tables = {name: daft.read_parquet(os.path.join(folder, f"{name}.parquet")) for name in names}


def run(sql: str, message: dict) -> int:
    return len(daft.sql(sql, **tables).to_pylist())


serve(run)
