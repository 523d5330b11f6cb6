"""polars as a peer, through its SQL: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}; with "keep" the rows stay in a frame.
Arguments: threads, folder of Parquet files, `memory` or `files`, tables."""
import os, sys

os.environ["POLARS_MAX_THREADS"] = sys.argv[1]
import polars as pl
from serve import serve

folder, place, names = sys.argv[2], sys.argv[3], sys.argv[4:]
read = pl.read_parquet if place == "memory" else pl.scan_parquet
tables = {name: read(os.path.join(folder, f"{name}.parquet")) for name in names}
context = pl.SQLContext(tables)


def run(sql: str, message: dict) -> int:
    frame = context.execute(sql).collect()
    if "keep" not in message:
        frame.rows()
    return frame.height


serve(run)
