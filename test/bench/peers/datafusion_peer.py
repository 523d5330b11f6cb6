"""DataFusion as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}; with "keep" the rows stay in batches.
Arguments: threads, folder of Parquet files, `memory` or `files`, tables."""
import os, sys

os.environ["TOKIO_WORKER_THREADS"] = sys.argv[1]
import datafusion
import pyarrow.parquet
from serve import serve

folder, place, names = sys.argv[2], sys.argv[3], sys.argv[4:]
context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(int(sys.argv[1])))
for name in names:
    path = os.path.join(folder, f"{name}.parquet")
    if place == "memory":
        context.register_record_batches(name, [pyarrow.parquet.read_table(path).to_batches()])
    else:
        context.register_parquet(name, path)


def run(sql: str, message: dict) -> int:
    batches = context.sql(sql).collect()
    if "keep" not in message:
        for batch in batches:
            batch.to_pylist()
    return sum(batch.num_rows for batch in batches)


serve(run)
