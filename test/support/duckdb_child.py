"""DuckDB for comparing results: reads lists of {"sql", "query"} as JSON lines; answers by lists of {"types", "rows"} (all
values as text), {} or {"error"}, which end early behind an error that DuckDB does not survive."""
import json, math, sys, threading, time
import duckdb

# Of CPU time, since a machine that others use may stop a process for long.
LIMIT_SECONDS = 60


def connect():
    opened = duckdb.connect()
    opened.execute("SET threads = 1")
    return opened


def answer(request):
    sql = request["sql"]
    if not request["query"]:
        con.execute(sql)
        return {}
    types = [row[1].replace('"NULL"', 'NULL') for row in con.execute(f"DESCRIBE {sql}").fetchall()]
    rows = con.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})").fetchall()
    return {"types": types, "rows": rows}


def is_fatal(error):
    return "FATAL" in error or "database has been invalidated" in error


def attempt(request):
    global con, deadline
    deadline = time.process_time() + LIMIT_SECONDS
    try:
        return answer(request)
    except Exception as error:  # what a failure means, the reader decides
        if is_fatal(str(error)):
            con = connect()  # empty: that one is beyond repair
        return {"error": str(error)}
    finally:
        deadline = math.inf


def attempt_all(requests):
    answers = []
    for request in requests:
        answers.append(attempt(request))
        if is_fatal(answers[-1].get("error", "")):
            break
    return answers


def interrupt_late():
    while True:
        time.sleep(1)
        if time.process_time() > deadline:
            con.interrupt()


con = connect()
deadline = math.inf
threading.Thread(target=interrupt_late, daemon=True).start()

for line in sys.stdin:
    print(json.dumps(attempt_all(json.loads(line))), flush=True)
