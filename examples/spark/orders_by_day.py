"""Cleans the orders of a shop and sums them by day, in Spark. Records, bytes, sources and targets are Spark's own counts.

spark-submit orders_by_day.py RAW_FOLDER OUT_FOLDER
"""

from __future__ import annotations

import sys

import runledger
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from runledger.spark import spark_counts


def main(raw: str, out: str) -> None:
    spark = SparkSession.builder.appName("orders_by_day").getOrCreate()
    with runledger.run("orders_by_day", owner="team-shop") as run:
        with run.step("clean") as step, spark_counts(step):
            orders = spark.read.parquet(raw).where("amount is not null").dropDuplicates(["order_id"])
            orders.write.mode("overwrite").parquet(f"{out}/orders")
        with run.step("sum_by_day") as step, spark_counts(step):
            sums = spark.read.parquet(f"{out}/orders").groupBy("day").agg(F.sum("amount").alias("amount"))
            sums.write.mode("overwrite").parquet(f"{out}/by_day")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:3])
