"""GlareDB as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}. Its results can only be shown, which is not
timed, so the number of rows is 0. Arguments: threads, folder of Parquet files, `memory` or `files`, tables."""
import os, sys

import glaredb
from serve import serve

folder, place, names = sys.argv[2], sys.argv[3], sys.argv[4:]
connection = glaredb.connect()
connection.sql(f"SET partitions TO {int(sys.argv[1])}")
for name in names:
    path = os.path.join(folder, f"{name}.parquet")
    kind = "TABLE" if place == "memory" else "VIEW"
    connection.sql(f"CREATE TEMP {kind} {name} AS SELECT * FROM read_parquet('{path}')")


def run(sql: str, message: dict) -> int:
    connection.sql(sql)
    return 0


serve(run)
