"""DuckDB for comparing results: reads {"sql", "query"} as JSON lines; answers {"types", "rows"} (all values as text), {} or {"error"}."""
import json, sys, threading
import duckdb


def connect():
    opened = duckdb.connect()
    opened.execute("SET threads = 1")
    return opened

con = connect()

for line in sys.stdin:
    request = json.loads(line)
    sql = request["sql"]
    timer = threading.Timer(60, con.interrupt)
    timer.start()
    try:
        if request["query"]:
            types = [row[1].replace('"NULL"', 'NULL') for row in con.execute(f"DESCRIBE {sql}").fetchall()]
            rows = con.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})").fetchall()
            answer = {"types": types, "rows": rows}
        else:
            con.execute(sql)
            answer = {}
    except Exception as error:  # what a failure means, the reader decides
        answer = {"error": str(error)}
        if "FATAL" in str(error) or "database has been invalidated" in str(error):
            con = connect()  # empty: that one is beyond repair
    timer.cancel()
    print(json.dumps(answer), flush=True)
