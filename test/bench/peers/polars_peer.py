"""polars as a peer, through its SQL: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}. Arguments: threads, folder of Parquet files."""
import json, os, resource, sys, time

os.environ["POLARS_MAX_THREADS"] = sys.argv[1]
import polars as pl

folder = sys.argv[2]
tables = {f[: -len(".parquet")]: pl.scan_parquet(os.path.join(folder, f)) for f in os.listdir(folder) if f.endswith(".parquet")}
context = pl.SQLContext(tables)


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


for line in sys.stdin:
    sql = json.loads(line)["sql"]
    try:
        wall, used = time.perf_counter(), cpu()
        rows = context.execute(sql).collect().rows()
        answer = {"wall": time.perf_counter() - wall, "cpu": cpu() - used, "rows": len(rows)}
    except BaseException as error:  # polars panics are no Exceptions
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
