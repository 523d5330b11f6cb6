"""DataFusion as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}; with "keep" the rows stay in batches.
Arguments: threads, folder of Parquet files, `memory` or `files`, tables."""
import json, os, resource, sys, time

os.environ["TOKIO_WORKER_THREADS"] = sys.argv[1]
import datafusion
import pyarrow.parquet

folder, place, names = sys.argv[2], sys.argv[3], sys.argv[4:]
context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(int(sys.argv[1])))
for name in names:
    path = os.path.join(folder, f"{name}.parquet")
    if place == "memory":
        context.register_record_batches(name, [pyarrow.parquet.read_table(path).to_batches()])
    else:
        context.register_parquet(name, path)


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


for line in sys.stdin:
    message = json.loads(line)
    try:
        wall, used = time.perf_counter(), cpu()
        batches = context.sql(message["sql"]).collect()
        if "keep" not in message:
            for batch in batches:
                batch.to_pylist()
        rows = sum(batch.num_rows for batch in batches)
        answer = {"wall": time.perf_counter() - wall, "cpu": cpu() - used, "rows": rows}
    except BaseException as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
