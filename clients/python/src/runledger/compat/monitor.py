"""Stands in for a monitor and a lineage tracker of one pipeline."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set

from ..default import current_run, start_run
from ..run import Run
from ..runtime import iso_of
from .rows import send_row


@dataclass
class PipelineMetrics:
    pipeline_name: str
    start_time: float
    records_processed: int = 0
    data_quality_score: float = 0.0
    errors: List[Dict[str, Any]] = field(default_factory=list)


class DataPipelineMonitor:
    """A run from when it is made to `finish_pipeline`."""

    def __init__(self, pipeline_name: str) -> None:
        self.pipeline_name = pipeline_name
        self.metrics = PipelineMetrics(pipeline_name, time.time())
        self.run: Run = start_run(pipeline_name)
        self._stage_began = self.metrics.start_time

    def record_stage_completion(self, stage_name: str, records_count: int) -> None:
        """A stage took from the end of the one before."""
        began, self._stage_began = self._stage_began, time.time()
        self.run.add_step(
            stage_name,
            start_time=iso_of(began * 1000),
            end_time=iso_of(self._stage_began * 1000),
            duration_ms=round((self._stage_began - began) * 1000),
            records_out=records_count,
        )
        self.metrics.records_processed += records_count
        logging.info("Stage %s completed: %s records", stage_name, records_count)

    def record_data_quality_score(self, dataset: str, score: float) -> None:
        """A score is no verdict: it is a metric of the run."""
        self.metrics.data_quality_score = score
        self.run.metric(f"data_quality_score.{dataset}", score)

    def record_error(self, error: Exception, stage: str) -> None:
        self.metrics.errors.append({"stage": stage, "error": str(error), "timestamp": time.time()})
        self.run.error(error)
        logging.error("Error in %s: %s", stage, error)

    def finish_pipeline(self, success: bool) -> None:
        seconds = time.time() - self.metrics.start_time
        self.run.end("SUCCESS" if success else "FAILED")
        if not success:
            self.send_alert()
        word = "success" if success else "failure"
        logging.info("Pipeline %s completed: %s in %.2fs", self.pipeline_name, word, seconds)

    def send_alert(self) -> None:
        """The ledger alerts by itself. Override it to do more."""


class DataLineageTracker:
    """Keeps the graph, as it does there, and tells the ledger: a step of the open run, else a run of its own."""

    def __init__(self, pipeline_name: Optional[str] = None) -> None:
        self.lineage_graph: Dict[str, Dict[str, Any]] = {}
        self._pipeline_name = pipeline_name or "lineage"

    def track_transformation(
        self,
        input_datasets: Sequence[Mapping[str, Any]],
        output_dataset: Mapping[str, Any],
        transformation_logic: Any,
    ) -> None:
        counts = [one.get("row_count") for one in input_datasets]
        known = [count for count in counts if count is not None]
        self.lineage_graph[output_dataset["name"]] = {
            "timestamp": datetime.now(timezone.utc).isoformat(),
            "inputs": list(input_datasets),
            "output": dict(output_dataset),
            "transformation": transformation_logic,
            "metadata": {
                "row_count_input": sum(known),
                "row_count_output": output_dataset.get("row_count"),
                "processing_time": None,
            },
        }
        told: Dict[str, Any] = {
            "input_sources": [{"path": one["name"], "records": one.get("row_count")} for one in input_datasets],
            "output_targets": [{"path": output_dataset["name"], "records": output_dataset.get("row_count")}],
            "records_in": sum(known) if len(known) == len(counts) else None,
            "records_out": output_dataset.get("row_count"),
            "message": str(transformation_logic),
        }
        run = current_run()
        if run is not None:
            run.add_step(str(output_dataset["name"]), **told)
            return
        moment = datetime.now(timezone.utc)
        row = {"process_name": self._pipeline_name, "run_id": f"lineage-{moment:%Y%m%dT%H%M%S.%fZ}"}
        send_row({**row, "event_type": "RUN_END", "status": "SUCCESS", "end_time": moment, **told})

    def get_upstream_dependencies(self, dataset_name: str) -> List[str]:
        """All that a dataset is made from, nearest first."""
        found: Dict[str, None] = {}
        left = [dataset_name]
        while left:
            for one in self.lineage_graph.get(left.pop(0), {}).get("inputs", []):
                if one["name"] not in found:
                    found[one["name"]] = None
                    left.append(one["name"])
        return list(found)

    def get_downstream_impact(self, dataset_name: str) -> List[str]:
        """The datasets that are made from one directly."""
        affected: Set[str] = set()
        for name, record in self.lineage_graph.items():
            if any(one["name"] == dataset_name for one in record["inputs"]):
                affected.add(name)
        return sorted(affected)


LineageTracker = DataLineageTracker
