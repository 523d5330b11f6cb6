"""What all peers in Python do: read {"sql", …} as JSON lines, answer {"wall", "cpu", "rows"} or {"error"} to each."""
import json, resource, sys, time
from typing import Callable


def serve(run: Callable[[str, dict], int]) -> None:
    """`run` runs a statement to its end, as the message wants it, and gives the number of rows; wall seconds of it are timed, and
    CPU seconds of this process, not of others that it starts."""
    for line in sys.stdin:
        message = json.loads(line)
        try:
            wall, used = time.perf_counter(), cpu()
            rows = run(message["sql"], message)
            answer = {"wall": time.perf_counter() - wall, "cpu": cpu() - used, "rows": rows}
        except BaseException as error:  # panics are no Exceptions; the driver decides what a failure means
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
