"""PySpark on this machine as a peer: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}.
Arguments: threads, folder of Parquet files, tables."""
import os, sys

os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_PYTHON"] = sys.executable
from pyspark.sql import SparkSession
from serve import serve

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


def run(sql: str, message: dict) -> int:
    return len(spark.sql(sql).collect())


serve(run)
