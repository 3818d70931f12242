"""The same work as the packages of this folder, in DuckDB and in Polars: same input, same output.

Usage: peers.py duckdb|polars CASE FOLDER THREADS
"""
import os
import sys

engine, case, folder, threads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
os.environ["POLARS_MAX_THREADS"] = str(threads)
path = lambda name: os.path.join(folder, name)

SALES = {
    "id": "BIGINT", "customer": "INTEGER", "day": "DATE", "quantity": "INTEGER",
    "price": "DECIMAL(10,2)", "score": "DOUBLE", "name": "VARCHAR", "city": "VARCHAR", "note": "VARCHAR",
}
REFERENCE = {"customer": "INTEGER", "segment": "VARCHAR", "discount": "DECIMAL(5,2)"}
SHIPMENTS = {"id": "BIGINT", "shipped": "DATE", "carrier": "VARCHAR"}

DERIVED = """id, customer, day, quantity, price, score, quantity * price AS amount, upper(name) AS name_upper,
    substring(note, 1, 10) AS note_start, name || ' - ' || city AS place, year(day)::INTEGER AS year,
    (day + INTERVAL 30 DAY)::DATE AS due, id::VARCHAR AS id_text, quantity % 7 AS rest,
    CASE WHEN quantity > 10 THEN 'big' ELSE 'small' END AS size, replace(note, 'x', '-') AS note_clean"""


def with_duckdb():
    import duckdb

    db = duckdb.connect(config={"threads": threads, "temp_directory": path("duckdb-spill"), "preserve_insertion_order": True})
    if os.environ.get("BENCH_MEMORY"):
        db.execute(f"SET memory_limit='{os.environ['BENCH_MEMORY']}'")
    read = lambda name, columns: f"read_csv('{path(name)}', header=true, columns={columns!r})"
    sales = read("input.csv", SALES)
    write = lambda query, name: db.execute(f"COPY ({query}) TO '{path(name)}' (HEADER, DELIMITER ',')")
    if case == "copy":
        write(f"SELECT * FROM {sales}", "output.csv")
    elif case == "derive":
        db.execute(f"CREATE TEMP VIEW derived AS SELECT {DERIVED} FROM {sales}")
        write("SELECT * FROM derived WHERE quantity >= 50", "output.csv")
        write("SELECT * FROM derived WHERE quantity < 50", "output2.csv")
    elif case == "lookup":
        reference = read("reference.csv", REFERENCE)
        write(f"SELECT s.* EXCLUDE (name, city, note), segment, discount FROM {sales} s JOIN {reference} USING (customer)", "output.csv")
    elif case == "aggregate":
        write(f"SELECT customer, sum(quantity), sum(price), avg(score), count(*), count(DISTINCT city) FROM {sales} GROUP BY customer", "output.csv")
    elif case in ("sort", "sort-spill"):
        write(f"SELECT * FROM {sales} ORDER BY city, price DESC, id", "output.csv")
    elif case == "join":
        shipments = read("shipments.csv", SHIPMENTS)
        write(f"SELECT s.*, shipped, carrier FROM {sales} s LEFT JOIN {shipments} h USING (id) ORDER BY s.id", "output.csv")


def with_polars():
    import polars as pl

    types = {
        "BIGINT": pl.Int64, "INTEGER": pl.Int32, "DATE": pl.Date, "DOUBLE": pl.Float64, "VARCHAR": pl.String,
        "DECIMAL(10,2)": pl.Decimal(10, 2), "DECIMAL(5,2)": pl.Decimal(5, 2),
    }
    scan = lambda name, columns: pl.scan_csv(path(name), schema={k: types[v] for k, v in columns.items()})
    sales = scan("input.csv", SALES)
    c = pl.col
    if case == "copy":
        sales.sink_csv(path("output.csv"))
    elif case == "derive":
        derived = sales.select(
            "id", "customer", "day", "quantity", "price", "score",
            (c("quantity") * c("price")).alias("amount"), c("name").str.to_uppercase().alias("name_upper"),
            c("note").str.slice(0, 10).alias("note_start"), (c("name") + " - " + c("city")).alias("place"),
            c("day").dt.year().alias("year"), c("day").dt.offset_by("30d").alias("due"), c("id").cast(pl.String).alias("id_text"),
            (c("quantity") % 7).alias("rest"), pl.when(c("quantity") > 10).then(pl.lit("big")).otherwise(pl.lit("small")).alias("size"),
            c("note").str.replace_all("x", "-", literal=True).alias("note_clean"),
        )
        pl.collect_all([
            derived.filter(c("quantity") >= 50).sink_csv(path("output.csv"), lazy=True),
            derived.filter(c("quantity") < 50).sink_csv(path("output2.csv"), lazy=True),
        ], engine="streaming")
    elif case == "lookup":
        reference = scan("reference.csv", REFERENCE)
        sales.drop("name", "city", "note").join(reference, on="customer", how="inner", maintain_order="left").sink_csv(path("output.csv"))
    elif case == "aggregate":
        sales.group_by("customer").agg(
            c("quantity").cast(pl.Int64).sum(), c("price").sum(), c("score").mean(), pl.len().alias("lines"), c("city").n_unique().alias("cities")
        ).sink_csv(path("output.csv"))
    elif case in ("sort", "sort-spill"):
        sales.sort("city", "price", "id", descending=[False, True, False]).sink_csv(path("output.csv"))
    elif case == "join":
        shipments = scan("shipments.csv", SHIPMENTS)
        sales.join(shipments, on="id", how="left", maintain_order="left").sink_csv(path("output.csv"))


{"duckdb": with_duckdb, "polars": with_polars}[engine]()
