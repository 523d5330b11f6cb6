"""PySpark on this machine as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}.
Arguments: threads, folder of Parquet files, tables."""
import json, os, sys, time

os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_PYTHON"] = sys.executable
from pyspark.sql import SparkSession

threads, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:]
spark = (
    SparkSession.builder.master(f"local[{threads}]")
    .config("spark.driver.memory", "6g")
    .config("spark.sql.shuffle.partitions", threads)
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
for name in names:
    spark.read.parquet(os.path.join(folder, f"{name}.parquet")).createOrReplaceTempView(name)

for line in sys.stdin:
    try:
        wall = time.perf_counter()
        rows = spark.sql(json.loads(line)["sql"]).collect()
        answer = {"wall": time.perf_counter() - wall, "cpu": 0, "rows": len(rows)}
    except Exception as error:  # the driver decides what a failure means
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
