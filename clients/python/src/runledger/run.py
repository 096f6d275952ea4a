"""One execution of a pipeline."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Optional

from .event import END_STATUSES, Columns, EndStatus, RunIdentity
from .inherit import JOIN_VARIABLE
from .mask import mask
from .pulse import Pulse
from .resume import Started, last_checkpoint, started_by_ledger
from .scope import Scope, end_by
from .step import Step
from .step_log import StepLog
from .wire_value import json_value, unexpected
from .work import Verdict, Work, WorkContext


@dataclass
class RunContext(WorkContext):
    run: RunIdentity
    #: The columns that its START and END carry.
    columns: Columns
    #: Sends the emitted events; returns when they are sent, or cannot be for now.
    flush: Callable[[], None]
    #: Called once, when the run ends.
    ended: Callable[[Run], None]
    #: What its heartbeats measure.
    measure: Callable[[], Columns]
    #: Another process reports its START and END; this one adds steps.
    joins: bool = False
    #: The order of the last step so far. None: steps have no order.
    last_index: Optional[int] = 0
    #: None: the environment of the process.
    env: Optional[Mapping[str, str]] = None


class Run(Work):
    """Made by `run` and `start_run`.

    `end()` without a status ends it as `succeed` or `fail` chose. Without such a call it ends FAILED when a step failed
    and no later try of it succeeded, or when a step is still running, else SUCCESS.
    """

    def __init__(self, context: RunContext) -> None:
        super().__init__(context, {})
        self._run = context
        self._steps = StepLog(context.complain, context.last_index)
        self._has_ended = False
        self.pulse: Optional[Pulse] = None
        if not context.joins:
            self._emit_start("RUN_START", context.columns)

    @property
    def run_id(self) -> str:
        return self._run.run.run_id

    @property
    def process_name(self) -> str:
        return self._run.run.process_name

    @property
    def run_attempt(self) -> int:
        return self._run.run.run_attempt

    @property
    def environment(self) -> Optional[str]:
        return self._run.run.environment

    @property
    def root_run_id(self) -> str:
        """The outermost of the runs that this one is part of."""
        return str(self._run.columns.get("root_run_id") or self.run_id)

    @property
    def has_ended(self) -> bool:
        return self._has_ended

    def step(self, name: Any, *, step_index: Any = None, attempt: Any = None, map_index: Any = None) -> Scope[Step]:
        """A step, for `with`. The same name again is the next try of that step, so a retry needs no more than a loop
        around it; `map_index` tells apart instances of one name, which are no tries."""
        return Scope(
            lambda: self.start_step(name, step_index=step_index, attempt=attempt, map_index=map_index),
            Step._leave,
        )

    def start_step(self, name: Any, *, step_index: Any = None, attempt: Any = None, map_index: Any = None) -> Step:
        """For code that is not one block: end it with `step.end()`."""
        subject = self._steps.open(name, step_index, attempt, map_index)
        return Step(self._run, subject, self._close_step, self.step)

    def skip_step(self, name: Any, message: Any = None, *, step_index: Any = None) -> None:
        """Reports that a step was not run, with the reason in `message`: one STEP_END SKIPPED."""
        subject = self._steps.open(name, step_index)
        self._quietly(
            lambda: self._emit(
                {"event_type": "STEP_END", "status": "SKIPPED", "message": self._text(message), **subject}
            )
        )
        self._steps.close(subject, "SKIPPED", None)

    def add_step(self, name: Any, status: EndStatus = "SUCCESS", **columns: Any) -> None:
        """Reports a step that is over: one STEP_END with the columns given, which have their names on the wire."""
        subject = self._steps.open(name)
        self._quietly(
            lambda: self._emit({"event_type": "STEP_END", "status": status, **json_value(columns), **subject})
        )
        self._steps.close(subject, status, None)

    @property
    def resume_from(self) -> Optional[int]:
        """The index of the first step to run, where the ledger started this run again from there. None: run all of them."""
        started = self._started
        return started.from_step if started is not None else None

    def skip_if_done(self, name: Any, *, step_index: Any = None) -> bool:
        """Whether an earlier run did this step, so that it is not to run again: it is then reported SKIPPED. Asked before
        each step, in their order, it makes a job go on from where the earlier run failed."""
        first = self.resume_from
        index = self._steps.index_of(name, step_index)
        if first is None or index is None or index >= first:
            return False
        self.skip_step(name, f"done by {self._parent_run_id or 'an earlier run'}", step_index=step_index)
        return True

    def last_checkpoint(self) -> Optional[str]:
        """What the run that this one goes on from kept by `checkpoint` last. None: there is no such run, or it kept nothing.
        Raises `LedgerUnavailable` when the ledger cannot be asked."""
        parent = self._parent_run_id
        if parent is None or self.resume_from is None:
            return None
        return last_checkpoint(parent, self.process_name, self._run.env)

    @property
    def start_params(self) -> Mapping[str, str]:
        """What the ledger gave to the run that it started: `--param name=value`, or what it grew after an error of a resource."""
        started = self._started
        return started.params if started is not None else {}

    @property
    def _started(self) -> Optional[Started]:
        started = started_by_ledger(self._run.env)
        return started if started.run_id == self.run_id else None

    @property
    def _parent_run_id(self) -> Optional[str]:
        started = self._started
        parent = self._run.columns.get("parent_run_id") or (started.parent_run_id if started is not None else None)
        return str(parent) if parent else None

    def succeed(self) -> None:
        """Chooses SUCCESS as the end, even if steps failed."""
        self._choose_end(Verdict("SUCCESS"))

    def end(self, status: Optional[EndStatus] = None, message: Any = None) -> None:
        """Ends the run (RUN_END), once: a second call changes nothing. Returns when its events are sent, or after five
        seconds. Another word than those of `EndStatus` is passed on, for the ledger to read."""
        with self._lock:
            # In a forked process the block is left too, but the run is the parent's to end.
            if self._has_ended or self._pid != os.getpid():
                return
            self._has_ended = True
        self._run.ended(self)
        if not self._run.joins:
            self._quietly(lambda: self._emit_run_end(status, message))
        self._quietly(self._run.flush)

    def environ(self) -> Dict[str, str]:
        """The variables for a child process that joins this run: `subprocess.run(…, env={**os.environ,
        **run.environ()})`. Children that inherit `os.environ` join the outermost run without it; with it their steps come
        after those that this process has started so far."""
        return {JOIN_VARIABLE: json.dumps({**self.identity(), "step_index": self._steps.last_index})}

    def identity(self) -> Dict[str, object]:
        """What another process needs to join the run."""
        told = {**self._run.run.columns(), "root_run_id": self._run.columns.get("root_run_id")}
        return {name: value for name, value in told.items() if value is not None}

    def _heartbeat_columns(self) -> Columns:
        return {"heartbeat_interval_ms": self._run.columns.get("heartbeat_interval_ms")}

    def beat(self) -> None:
        """A heartbeat with what it measures. None begins once the run has ended: one that is under way then may come
        after the end, which it says nothing against."""
        metrics = self._run.measure()
        if not self._has_ended:
            self.heartbeat(metrics=metrics)

    def _close_step(self, subject: Columns, verdict: Verdict) -> None:
        self._steps.close(subject, verdict.status, verdict.error)

    def _leave(self, error: Optional[BaseException]) -> None:
        end_by(self, error)
        # Its code was left without an error, so it has recovered from every failure on the way.
        if self._verdict is None:
            self.succeed()
        self.end()

    def _emit_run_end(self, status: Any, message: Any) -> None:
        verdict = self._verdict_at_end(status)
        if message is not None:
            verdict = Verdict(verdict.status, verdict.error, self._text(message))
        columns = self._run.columns
        self._emit_end(
            "RUN_END",
            verdict,
            lambda duration_ms: {**columns, "sla": _sla_after(columns.get("sla"), duration_ms)},
        )

    def _verdict_at_end(self, status: Any) -> Verdict:
        failure = self._steps.failure()
        chosen = self._verdict
        word = self._word(status)
        if word is not None:
            # SUCCESS and SKIPPED carry no error.
            is_good = word in ("SUCCESS", "SKIPPED")
            return Verdict(word, None if is_good else (chosen.error if chosen and chosen.error else failure))
        return chosen or (Verdict("FAILED", failure) if failure else Verdict("SUCCESS"))

    def _word(self, status: Any) -> Optional[str]:
        """A word for the end. One that is not of the ledger's own is passed on with a complaint: the ledger reads the words
        of many tools, and takes none that it does not know for a success."""
        text = (self._text(status) or "").strip()
        if status is not None and text not in END_STATUSES:
            self._context.complain(unexpected("status", f"one of {', '.join(END_STATUSES)}", status))
        return mask(text) or None


def _sla_after(sla: Any, duration_ms: int) -> Any:
    expected = sla.get("expected_max_duration_ms") if isinstance(sla, dict) else None
    if expected is None:
        return sla
    return {"expected_max_duration_ms": expected, "sla_missed": duration_ms > expected}
