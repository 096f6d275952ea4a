"""Sends events about pipeline runs to a ledger."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Set

from . import dying
from ._version import SCHEMA_VERSION
from .buffer import Line
from .context import with_context
from .context.memory import memory_metrics
from .delivery import Delivery, DeliverySettings
from .describe_run import RUN_OPTIONS, describe_run
from .event import Columns, RunIdentity
from .ids import TimeOrderedIds
from .inherit import Parent, parent_of_this_process, tell_children
from .line import line_of
from .log_tail import LogTail
from .pulse import DEFAULT_HEARTBEAT_MS, Pulse
from .resume import options_of_start
from .run import Run, RunContext
from .runtime import Runtime, iso_of
from .scope import OPEN, Scope
from .settings import settings_of
from .spool import Spool
from .step import Step
from .wire_value import attempt, json_value
from .work import WorkContext

#: The longest that the end of a run, `flush` and `close` wait by default.
DEFAULT_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class LedgerStats:
    """Counts of events so far, with several transports once for each. `emitted = sent + spooled + dropped + pending`
    until something is sent from the spool, which counts as sent too."""

    emitted: int
    sent: int
    #: Kept in files, to be sent later.
    spooled: int
    #: Never sent: no room, refused, or deleted from a full spool.
    dropped: int
    #: Waiting in memory, or being sent.
    pending: int
    #: Calls of a transport that failed.
    failures: int


class Ledger:
    """Make one per process, or let `runledger.run` do it.

    It never breaks its host: only the constructor raises, for a wrong option. Memory and waiting are bounded, `stats()`
    counts events that could not be sent, and errors of the host's own code are always raised unchanged.
    """

    def __init__(self, *, runtime: Optional[Runtime] = None, env: Optional[Mapping[str, str]] = None, **options: Any):
        """Raises a TypeError for a wrong option: its name, what was expected, and the value. `runtime` and `env` are for
        tests."""
        self._settings = settings_of(options, os.environ if env is None else env)
        self._env = env
        self._runtime = runtime or Runtime()
        self._log_tail: Optional[LogTail] = None
        self._warned = False
        self._is_closed = False
        self._deliveries = [
            Delivery(
                transport,
                Spool(self._settings.spool, transport.name, self._settings.spool_limits)
                if self._settings.spool and hasattr(transport, "name")
                else None,
                DeliverySettings(
                    self._settings.limits,
                    self._settings.flush_interval_s,
                    self._complain,
                    self._report_drops,
                    self._runtime,
                ),
            )
            for transport in self._settings.transports
        ]
        self._open: Set[Run] = set()
        self._joined: Optional[Run] = None
        self._parent = parent_of_this_process(env)
        self._reset()
        dying.LEDGERS.add(self)

    def _reset(self) -> None:
        self._lock = threading.RLock()
        self._next_id = TimeOrderedIds(self._runtime)
        self._instance_id = self._next_id()
        self._seq = 0

    def after_fork(self) -> None:
        """This process is another producer now, and holds nothing of its parent's. The runs stay: what it reports of
        them joins theirs, and their end is the parent's."""
        self._reset()
        for delivery in self._deliveries:
            delivery.reset()
        self._open = set()
        self._joined = None

    def run(self, process_name: Any = None, **options: Any) -> Scope[Run]:
        """A run, for `with`. It ends SUCCESS, unless its code chose another end (`run.fail`, `run.end`). When the code
        raises, the run ends FAILED, and the same error goes on. It beats by itself from its start to its end: every
        `heartbeat_interval_ms`, by default every minute."""
        return Scope(lambda: self._start(process_name, options, DEFAULT_HEARTBEAT_MS), Run._leave)

    def start_run(self, process_name: Any = None, **options: Any) -> Run:
        """For code that is not one block: end it with `run.end()`. It beats when it has a `heartbeat_interval_ms`;
        without one it promises nothing, because nobody knows whether it will be ended."""
        return self._start(process_name, options, None)

    def send(self, event: Mapping[str, Any]) -> None:
        """Sends an event that you wrote yourself: as it is, but masked, and with this producer's number. Never raises."""

        def send() -> None:
            columns = {name: value for name, value in json_value(event).items() if value is not None}
            names = ("run_id", "process_name", "pipeline_name")
            run_id, name, pipeline_name = (str(columns.get(each) or "") for each in names)
            self._push({**columns, "producer": self._producer()}, RunIdentity(run_id, name or pipeline_name, 1))

        attempt(send, self._complain)
        dying.watch()

    def keep_log_tail(self, log_tail: LogTail) -> None:
        """Errors are sent with the lines that it has."""
        self._log_tail = log_tail

    def stats(self) -> LedgerStats:
        each = [delivery.stats() for delivery in self._deliveries]
        return LedgerStats(
            emitted=self._seq,
            sent=sum(one.sent for one in each),
            spooled=sum(one.spooled for one in each),
            dropped=sum(one.dropped for one in each),
            pending=sum(one.pending for one in each),
            failures=sum(one.failures for one in each),
        )

    def flush(self, timeout_s: float = DEFAULT_TIMEOUT_S) -> bool:
        """Sends all waiting events. Returns whether they are sent, or safe in the spool; after `timeout_s` at the
        latest. Never raises."""
        return self._flush(timeout_s, unless_away=False)

    def close(self, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Sends all waiting events, then keeps the rest in the spool; what comes later is dropped. Takes at most
        `timeout_s`; never raises."""
        self._is_closed = True
        for run in list(self._open):
            self._ended(run)
        end_ms = self._runtime.elapsed() + timeout_s * 1000
        for delivery in self._deliveries:
            attempt(lambda: delivery.close(max(0.0, (end_ms - self._runtime.elapsed()) / 1000)), self._complain)  # noqa: B023

    def spools(self) -> List[Spool]:
        """Where what could not be sent waits, a folder for each transport."""
        return [delivery.spool for delivery in self._deliveries if delivery.spool is not None]

    def send_spooled(self, timeout_s: float) -> None:
        """Sends what the spools have, whatever it takes up to `timeout_s`."""
        for delivery in self._deliveries:
            delivery.send_spooled(timeout_s)

    def parents_run(self) -> Optional[Run]:
        """The run of the process that started this one."""
        with self._lock:
            if self._joined is None and self._parent is not None:
                self._joined = self._join(self._parent)
            return self._joined

    def stray_step(self, name: Any) -> Step:
        """A step outside of every run: its work goes on, and nothing is sent."""
        self._complain(RuntimeError(f"Expected the step {name!r} to be within a run; it is not recorded"))
        context = WorkContext(lambda _: None, self._complain, self._runtime, None)
        subject = {"step_name": str(name), "step_index": 1, "attempt": 1}
        return Step(context, subject, lambda *_: None, lambda inner, **_: Scope(lambda: self.stray_step(inner), Step._leave))

    def open_runs(self) -> Set[Run]:
        """Those that this process started and has not ended."""
        return set(self._open)

    def _flush_at_end(self) -> None:
        self._flush(DEFAULT_TIMEOUT_S, unless_away=True)

    def _flush(self, timeout_s: float, unless_away: bool) -> bool:
        end_ms = self._runtime.elapsed() + timeout_s * 1000
        done = [
            attempt(
                lambda: delivery.flush(max(0.0, (end_ms - self._runtime.elapsed()) / 1000), unless_away),  # noqa: B023
                self._complain,
            )
            for delivery in self._deliveries
        ]
        return all(done)

    def _start(self, process_name: Any, given: Mapping[str, Any], default_interval_ms: Optional[int]) -> Run:
        unknown = [name for name in given if name not in RUN_OPTIONS]
        for name in unknown:
            self._complain(TypeError(f"`options`: expected one of {', '.join(RUN_OPTIONS)}, got {name!r}"))
        options = {**given, "process_name": process_name}
        parent = self._parent
        outer = next((work for work in reversed(OPEN.get()) if isinstance(work, Run) and not work.has_ended), None)
        joins = parent is not None and outer is None and process_name in (None, parent.process_name)
        if joins and parent is not None:
            return self._join(parent, opens=True)
        if outer is not None:
            options = {"parent_run_id": outer.run_id, "root_run_id": outer.root_run_id, **options}
        elif parent is not None:
            options = {"parent_run_id": parent.run_id, "root_run_id": parent.root_run_id or parent.run_id, **options}
        options = options_of_start(options.get("process_name"), options, self._env)
        if self._settings.context:
            options = attempt(lambda: with_context(options), self._complain) or options
        described = describe_run(options, self._settings.defaults, self._next_id, self._complain)
        beats = self._settings.heartbeats and not self._is_closed
        told = described.columns.get("heartbeat_interval_ms")
        # 0 promises nothing, and so does a client that does not beat unless the run itself does.
        interval_ms = (told if told is not None else default_interval_ms if beats else None) or None
        columns = {**described.columns, "heartbeat_interval_ms": interval_ms}
        return self._open_run(described.run, columns, interval_ms if beats else None)

    def _join(self, parent: Parent, opens: bool = False) -> Run:
        identity = RunIdentity(parent.run_id, parent.process_name, parent.run_attempt, parent.environment)
        columns = {"root_run_id": parent.root_run_id}
        return self._open_run(identity, columns, None, joins=True, last_index=parent.step_index, opens=opens)

    def _open_run(
        self,
        identity: RunIdentity,
        columns: Columns,
        interval_ms: Optional[int],
        joins: bool = False,
        last_index: Optional[int] = 0,
        opens: bool = True,
    ) -> Run:
        pulse: Optional[Pulse] = None

        def emit(body: Columns) -> None:
            if pulse is not None:
                pulse.heard()
            self._emit(identity, body)

        started = Run(
            RunContext(
                emit=emit,
                complain=self._complain,
                runtime=self._runtime,
                log_tail=self._log_tail,
                run=identity,
                columns=columns,
                flush=self._flush_at_end,
                ended=self._ended,
                measure=lambda: memory_metrics() if self._settings.context else {},
                joins=joins,
                last_index=last_index,
                env=self._env,
            )
        )
        if interval_ms is not None:
            pulse = Pulse(self._runtime, interval_ms, started.beat)
            started.pulse = pulse
        if opens:
            self._open.add(started)
            tell_children(started)
        dying.watch()
        return started

    def _ended(self, run: Run) -> None:
        if run.pulse is not None:
            run.pulse.stop()
        self._open.discard(run)
        tell_children(run, has_ended=True)

    def _emit(self, run: RunIdentity, body: Columns) -> None:
        columns = dict(body)
        event_type = columns.pop("event_type")
        producer = self._producer()
        event = {
            "event_id": self._next_id(),
            "event_type": event_type,
            **run.columns(),
            **columns,
            "created_at": iso_of(self._runtime.now()),
            "schema_version": SCHEMA_VERSION,
            "producer": producer,
        }
        self._push(event, run)

    def _producer(self) -> Columns:
        with self._lock:
            self._seq += 1
            return {**self._settings.producer, "instance_id": self._instance_id, "seq": self._seq}

    def _push(self, event: Columns, run: RunIdentity) -> None:
        data = attempt(lambda: line_of(event), self._complain)
        for delivery in self._deliveries:
            if data is None:
                delivery.drop(run, "an event could not be written as JSON")
            else:
                delivery.push(Line(data, run))

    def _report_drops(self, count: int, run: RunIdentity) -> None:
        self._emit(
            run,
            {
                "event_type": "METRIC",
                "message": f"{count} events of this producer were dropped before this one",
                "metrics": {"runledger.events_dropped": count},
            },
        )

    def _complain(self, error: Exception) -> None:
        try:
            if self._settings.on_error:
                self._settings.on_error(error)
            if self._settings.debug:
                logging.getLogger("runledger").warning("%s", error)
            elif not self._warned and not self._settings.on_error:
                self._warned = True
                logging.getLogger("runledger").warning(
                    "%s. The pipeline goes on; RUNLEDGER_DEBUG=1 prints every problem.", error
                )
        except Exception:
            # An error raised by the host's `on_error` must not break the pipeline either.
            return

