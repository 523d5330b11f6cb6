"""DuckDB for comparing results: reads {"sql", "query"} as JSON lines; answers {"types", "rows"} (all values as text), {} or {"error"}."""
import json, sys
import duckdb

con = duckdb.connect()
con.execute("SET threads = 1")

for line in sys.stdin:
    request = json.loads(line)
    sql = request["sql"]
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
    print(json.dumps(answer), flush=True)
