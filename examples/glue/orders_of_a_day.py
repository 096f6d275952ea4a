"""A job of Glue 5 (Spark 3.5) that keeps the orders of one day."""

from __future__ import annotations

import sys

import runledger
from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession
from runledger.spark import spark_counts

args = getResolvedOptions(sys.argv, ["JOB_NAME", "day", "raw", "lake", "ledger_stream"])
spark = SparkSession.builder.appName(args["JOB_NAME"]).getOrCreate()

runledger.configure(stream=args["ledger_stream"], environment="prod")
with runledger.run("orders_of_a_day", params={"day": args["day"]}) as run:
    with run.step("keep_day") as step, spark_counts(step):
        orders = spark.read.parquet(args["raw"]).where(f"day = '{args['day']}'")
        orders.write.mode("overwrite").parquet(f"{args['lake']}/day={args['day']}")
