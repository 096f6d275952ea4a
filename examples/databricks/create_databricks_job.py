"""Makes a job of the notebook, on a cluster that knows where the ledger is."""

from __future__ import annotations

from databricks.sdk import WorkspaceClient
from databricks.sdk.service.compute import ClusterSpec, Library
from databricks.sdk.service.jobs import CronSchedule, JobCluster, NotebookTask, Task


def create_job(workspace: WorkspaceClient) -> int:
    cluster = ClusterSpec(
        spark_version="16.4.x-scala2.12",
        node_type_id="m6gd.large",
        num_workers=2,
        spark_env_vars={
            "RUNLEDGER_URL": "https://ledger.example.com",
            "RUNLEDGER_TOKEN": "{{secrets/runledger/token}}",
            "RUNLEDGER_ENVIRONMENT": "prod",
        },
    )
    created = workspace.jobs.create(
        name="orders_silver",
        job_clusters=[JobCluster(job_cluster_key="small", new_cluster=cluster)],
        schedule=CronSchedule(quartz_cron_expression="0 0 2 * * ?", timezone_id="UTC"),
        tasks=[
            Task(
                task_key="orders",
                job_cluster_key="small",
                libraries=[Library(whl="/Volumes/main/default/wheels/runledger-0.1.0-py3-none-any.whl")],
                notebook_task=NotebookTask(
                    notebook_path="/Repos/shop/orders_notebook",
                    base_parameters={"batch_date": "{{job.trigger.time.iso_date}}"},
                ),
            )
        ],
    )
    if created.job_id is None:
        raise RuntimeError("expected Databricks to answer with the id of the job, got none")
    return created.job_id


if __name__ == "__main__":
    print(create_job(WorkspaceClient()))
