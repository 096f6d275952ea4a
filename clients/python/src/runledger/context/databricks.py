"""Databricks: jobs, notebooks and clusters."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Dict, Mapping

from .spark import conf, session

_TAGS = "spark.databricks.clusterUsageTags."


def found() -> Dict[str, Any]:
    version = os.environ.get("DATABRICKS_RUNTIME_VERSION")
    spark = session()
    if not version and (spark is None or conf(spark, f"{_TAGS}clusterId") is None):
        return {}
    of_notebook = _notebook_context()
    tags = of_notebook.get("tags") or {}
    workers = conf(spark, f"{_TAGS}clusterWorkers", f"{_TAGS}nbExecutors") if spark is not None else None
    node_type = conf(spark, f"{_TAGS}clusterNodeType", f"{_TAGS}nodeType") if spark is not None else None
    driver = conf(spark, f"{_TAGS}driverNodeType") if spark is not None else None
    return {
        "job_id": tags.get("jobId") or (conf(spark, "spark.databricks.job.id") if spark is not None else None),
        "task_id": tags.get("taskKey") or tags.get("runId") or (
            conf(spark, "spark.databricks.job.runId") if spark is not None else None
        ),
        "user": tags.get("user"),
        "notebook_path": (of_notebook.get("extraContext") or {}).get("notebook_path"),
        "cluster": {
            "cluster_id": conf(spark, f"{_TAGS}clusterId", "spark.databricks.cluster.id") if spark is not None else None,
            "cluster_size": f"{workers} x {node_type}" if workers and node_type else None,
            "executor_count": int(workers) if workers and workers.isdigit() else None,
            "driver_node_type": driver or node_type,
        },
        "tags": {
            "platform": "databricks",
            "databricks_runtime": version,
            "databricks_run_id": tags.get("multitaskParentRunId") or tags.get("jobRunId"),
        },
    }


def _notebook_context() -> Mapping[str, Any]:
    """A notebook's `dbutils` is a global of it."""
    dbutils = getattr(sys.modules.get("__main__"), "dbutils", None)
    try:
        if dbutils is None:
            shell = sys.modules["IPython"].get_ipython()
            dbutils = shell.user_ns["dbutils"]
        context = dbutils.entry_point.getDbutils().notebook().getContext()
        text = context.safeToJson() if hasattr(context, "safeToJson") else context.toJson()
        parsed = json.loads(text)
        return parsed if isinstance(parsed, dict) else {}
    except Exception:
        # A job of a wheel has no notebook.
        return {}
