# Databricks notebook source
import runledger
from databricks.sdk.runtime import dbutils, spark
from pyspark.sql import functions as F
from runledger.spark import spark_counts

batch_date = dbutils.widgets.get("batch_date")

# COMMAND ----------

with runledger.run("orders_silver", params={"batch_date": batch_date}) as run:
    with run.step("join_customers") as step, spark_counts(step):
        orders = spark.read.table("bronze.orders").where(F.col("day") == batch_date)
        joined = orders.join(spark.read.table("bronze.customers"), "customer_id")
        joined.write.mode("overwrite").saveAsTable("silver.orders")
