"""polars as a peer, through its SQL: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}; with "keep" the rows stay in a frame.
Arguments: threads, folder of Parquet files, `memory` or `files`, tables."""
import json, os, resource, sys, time

os.environ["POLARS_MAX_THREADS"] = sys.argv[1]
import polars as pl

folder, place, names = sys.argv[2], sys.argv[3], sys.argv[4:]
read = pl.read_parquet if place == "memory" else pl.scan_parquet
tables = {name: read(os.path.join(folder, f"{name}.parquet")) for name in names}
context = pl.SQLContext(tables)


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


for line in sys.stdin:
    message = json.loads(line)
    sql = message["sql"]
    try:
        wall, used = time.perf_counter(), cpu()
        frame = context.execute(sql).collect()
        if "keep" not in message:
            frame.rows()
        answer = {"wall": time.perf_counter() - wall, "cpu": cpu() - used, "rows": frame.height}
    except BaseException as error:  # polars panics are no Exceptions
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
