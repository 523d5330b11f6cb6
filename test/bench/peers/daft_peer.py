"""Daft on a Ray cluster of its own as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}.
Arguments: CPUs, folder of Parquet files, tables."""
import json, os, sys, time

os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ["DAFT_PROGRESS_BAR"] = "0"
import daft, ray

ray.init(num_cpus=int(sys.argv[1]), include_dashboard=False, log_to_driver=False, logging_level="ERROR")
daft.set_runner_ray()
folder, names = sys.argv[2], sys.argv[3:]
tables = {name: daft.read_parquet(os.path.join(folder, f"{name}.parquet")) for name in names}

for line in sys.stdin:
    try:
        wall = time.perf_counter()
        rows = daft.sql(json.loads(line)["sql"], **tables).to_pylist()
        answer = {"wall": time.perf_counter() - wall, "cpu": 0, "rows": len(rows)}
    except BaseException as error:  # panics are no Exceptions
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
