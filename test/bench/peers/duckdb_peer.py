"""DuckDB as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}. Argument: threads."""
import sys
import duckdb
from serve import serve

con = duckdb.connect()
con.execute(f"SET threads = {int(sys.argv[1])}")
con.execute("SET preserve_insertion_order = true")


def run(sql: str, message: dict) -> int:
    return len(con.execute(sql).fetchall())


serve(run)
