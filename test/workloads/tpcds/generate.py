"""Writes the tables of TPC-DS as Parquet files, and the texts of its queries, into a folder. Arguments: scale, folder.

Runs in the environment that `test/bench/install-peers.sh tpcds` makes: DuckDB's extension has generator and queries.
"""
import glob, os, sys
import duckdb, duckdb_extension_tpcds

scale, folder = float(sys.argv[1]), sys.argv[2]
(extension,) = glob.glob(os.path.join(os.path.dirname(duckdb_extension_tpcds.__file__), "extensions", "*", "tpcds.duckdb_extension"))
con = duckdb.connect()
con.execute(f"LOAD '{extension}'")
con.execute(f"CALL dsdgen(sf={scale})")
for (table,) in con.execute("SHOW TABLES").fetchall():
    con.execute(f"COPY {table} TO '{os.path.join(folder, table)}.parquet' (FORMAT parquet)")
os.mkdir(os.path.join(folder, "queries"))
for number, text in con.execute("SELECT query_nr, query FROM tpcds_queries()").fetchall():
    with open(os.path.join(folder, "queries", f"{number:02}.sql"), "w") as file:
        file.write(text)
