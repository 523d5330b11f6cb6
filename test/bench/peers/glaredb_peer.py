"""GlareDB as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}. Its results can only be shown, which is not
timed, so the number of rows is 0. Arguments: threads, folder of Parquet files, `memory` or `files`, tables."""
import json, os, resource, sys, time

import glaredb

folder, place, names = sys.argv[2], sys.argv[3], sys.argv[4:]
connection = glaredb.connect()
connection.sql(f"SET partitions TO {int(sys.argv[1])}")
for name in names:
    path = os.path.join(folder, f"{name}.parquet")
    kind = "TABLE" if place == "memory" else "VIEW"
    connection.sql(f"CREATE TEMP {kind} {name} AS SELECT * FROM read_parquet('{path}')")


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


for line in sys.stdin:
    message = json.loads(line)
    try:
        wall, used = time.perf_counter(), cpu()
        connection.sql(message["sql"])
        answer = {"wall": time.perf_counter() - wall, "cpu": cpu() - used, "rows": 0}
    except BaseException as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
