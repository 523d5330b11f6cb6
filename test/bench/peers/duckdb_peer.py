"""DuckDB as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}. Argument: threads."""
import json, resource, sys, time
import duckdb

con = duckdb.connect()
con.execute(f"SET threads = {int(sys.argv[1])}")
con.execute("SET preserve_insertion_order = true")


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


for line in sys.stdin:
    sql = json.loads(line)["sql"]
    try:
        wall, used = time.perf_counter(), cpu()
        rows = con.execute(sql).fetchall()
        answer = {"wall": time.perf_counter() - wall, "cpu": cpu() - used, "rows": len(rows)}
    except Exception as error:  # the driver decides what a failure means
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
