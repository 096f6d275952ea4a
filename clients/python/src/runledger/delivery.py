"""Delivers lines to one transport from a thread of its own, so that no network stands in the job's way."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Callable, List, Optional

from .buffer import BufferLimits, EventBuffer, Line
from .drops import Drops
from .event import RunIdentity
from .line import MAX_RECORD_BYTES
from .outcome import Outcome, send_lines
from .pace import Pace
from .pack import MAX_CALL_BYTES, pack_call
from .runtime import Runtime
from .spool import Claimed, Spool
from .transports.transport import Transport
from .wire_value import Complain


@dataclass(frozen=True)
class DeliveryStats:
    sent: int
    spooled: int
    dropped: int
    pending: int
    failures: int


@dataclass(frozen=True)
class DeliverySettings:
    limits: BufferLimits
    flush_interval_s: float
    complain: Complain
    #: Called with the number of dropped events once sending works again, and the run of the last of them.
    report_drops: Callable[[int, RunIdentity], None]
    runtime: Runtime


class Delivery:
    """In order and one call at a time: one interval after the first line, or at once when a record is full. After a
    failure that may pass, lines wait in the spool, or in memory where there is none, and are tried again with growing
    pauses. Neither the transport nor the spool is waited for under the lock: the job takes it with every event."""

    def __init__(self, transport: Transport, spool: Optional[Spool], settings: DeliverySettings) -> None:
        self._transport = transport
        self.spool = spool
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """In a process that was forked: what waits is the parent's to send, and its thread is not here."""
        self._changed = threading.Condition(threading.RLock())
        self._buffer = EventBuffer(self._settings.limits)
        self._pace = Pace(self._settings.runtime, self._settings.flush_interval_s)
        self._drops = Drops(self._settings.complain)
        self._worker: Optional[threading.Thread] = None
        self._sent = self._spooled = self._failures = 0
        #: Rounds of the thread: begun, through with the lines that waited, and the one that `flush` asked for.
        self._begun = self._done = self._asked = 0
        #: Lines are left of the last round, in memory.
        self._left_some = False
        self._is_closed = False
        #: The ledger is closed: what the thread still does counts no more.
        self._gives_up = False
        self._claimed: Optional[Claimed] = None
        #: Files of the spool are looked for at start, and after every success that follows a failure.
        self._looks_into_spool = self.spool is not None
        #: The last flush timed out, and nothing has been sent since.
        self._hangs = False

    def stats(self) -> DeliveryStats:
        with self._changed:
            return DeliveryStats(self._sent, self._spooled, self._drops.total, self._buffer.events, self._failures)

    def push(self, line: Line) -> None:
        while True:
            with self._changed:
                if self._is_closed:
                    self._drops.add(1, line.run, "the ledger is closed")
                    return
                if self._buffer.has_room_for(line):
                    self._buffer.push(line)
                    if self._pace.line_came() or self._buffer.bytes >= MAX_RECORD_BYTES:
                        self._wake()
                    return
                # Without a spool the oldest go, one by one: later events know more, an END repeats all of its START.
                oldest = self._take_call() if self.spool else self._buffer.take(1)
                if not oldest:
                    self._drops.add(1, line.run, f"the buffer is full with {self._buffer.events} events")
                    return
            self._give_up_on(self._keep(oldest), f"the buffer is full with {self._buffer.events} events")

    def drop(self, run: RunIdentity, reason: str) -> None:
        with self._changed:
            self._drops.add(1, run, reason)

    def flush(self, timeout_s: float, unless_away: bool = False) -> bool:
        """Sends what waits. Returns when that is sent, kept in the spool, or has failed, or after `timeout_s`; and whether
        it is sent or kept. `unless_away` returns at once while the transport is known to hang."""
        with self._changed:
            if self._is_closed or (unless_away and (self._hangs or (self._pace.is_away() and not self.spool))):
                return True
            if threading.current_thread() is self._worker:
                # The host's own `on_error` asked for it: the thread cannot wait for itself.
                return False
            if not self._wake():
                self._work_once()
                return not self._left_some
            # One that is under way has not seen the last lines.
            asked = self._asked = self._begun + 1
            self._changed.notify_all()
            is_done = self._changed.wait_for(lambda: self._buffer.events == 0 or self._done >= asked, timeout_s)
            self._hangs = not is_done
            return is_done and not (self._left_some and self._buffer.events > 0)

    def close(self, timeout_s: float) -> None:
        """Flushes once more, and what the spool has from before, then keeps the rest in the spool; without one it is
        dropped."""
        end_s = self._pace.now_s() + timeout_s
        self.flush(timeout_s)
        with self._changed:
            if self._is_closed:
                return
            if self._looks_into_spool and self._worker is not None:
                left_s = max(0.0, end_s - self._pace.now_s())
                self._changed.wait_for(lambda: not self._looks_into_spool or self._pace.is_away(), left_s)
                # What was dropped may have been told only now.
                self.flush(max(0.0, end_s - self._pace.now_s()), unless_away=True)
            self._is_closed = True
            if self._claimed and self.spool:
                self.spool.give_back(self._claimed)
            # Sent twice, if the call under way should succeed: the ledger drops duplicates.
            left = [*self._buffer.taken, *self._buffer.take(len(self._buffer))]
            self._buffer.taken = list(left)
            unkept = self._keep(left)
            self._give_up_on(unkept, f"{len(unkept)} could not be sent before the ledger was closed")
            self._gives_up = True
            self._changed.notify_all()

    def send_spooled(self, timeout_s: float) -> None:
        """Sends what the spool has, in this thread; until it is empty, or a call fails, or after `timeout_s`."""
        with self._changed:
            self._looks_into_spool = self.spool is not None
        self._send_spooled(self._pace.now_s() + timeout_s)

    def _wake(self) -> bool:
        """Makes the thread look. False: none can be started, as at the end of the interpreter."""
        if self._worker is None or not self._worker.is_alive():
            worker = threading.Thread(target=self._work, name="runledger-delivery", daemon=True)
            try:
                worker.start()
            except RuntimeError:
                return False
            self._worker = worker
        self._changed.notify_all()
        return True

    def _work(self) -> None:
        while True:
            with self._changed:
                # What comes meanwhile may be due earlier: the time to wait is asked for again.
                while not self._has_work():
                    self._changed.wait(self._pace.wait_s(keeps=self.spool is not None))
                if self._gives_up:
                    return
                is_early = not self._is_asked() and self._pace.due_s is not None and not self._pace.is_due()
            self._work_once(only_full=is_early)

    def _is_asked(self) -> bool:
        return self._asked > self._begun

    def _has_work(self) -> bool:
        if self._gives_up or self._is_asked():
            return True
        if self._pace.is_away():
            return self.spool is not None and self._pace.is_due()
        return self._has_lines_due() or (self._looks_into_spool and self._pace.failures_in_a_row > 0)

    def _has_lines_due(self) -> bool:
        return len(self._buffer) > 0 and (self._pace.is_due() or self._buffer.bytes >= MAX_RECORD_BYTES)

    def _work_once(self, only_full: bool = False) -> None:
        """Sends until the buffer is empty or a call fails, then what the spool has from before. `only_full`: the last
        lines, which do not fill a record, wait for more."""
        with self._changed:
            only_full = only_full and not self._is_asked()
            self._begun += 1
        try:
            self._left_some = True
            self._left_some = not self._send_waiting(only_full)
            self._is_through(only_full)
            self._send_spooled()
        except Exception as error:
            # A fault of this code must not end the thread: what it holds stays.
            self._settings.complain(error)
            self._is_through(only_full)

    def _is_through(self, only_full: bool) -> None:
        with self._changed:
            self._done = self._begun
            if len(self._buffer) == 0:
                self._pace.due_s = None
            elif not only_full:
                self._pace.some_wait_on()
            self._changed.notify_all()

    def _send_waiting(self, only_full: bool) -> bool:
        """Whether none is left of those that were to be sent."""
        while True:
            with self._changed:
                is_away = self._pace.is_away()
                is_little = only_full and not is_away and self._buffer.bytes < MAX_RECORD_BYTES
                if self._gives_up or is_little:
                    return True
                if is_away and self.spool is None:
                    return len(self._buffer) == 0
                lines = self._take_call(only_full and not is_away)
                if not lines:
                    return True
            if is_away:
                # While the transport is away, what comes goes to the spool.
                unkept = self._keep(lines)
                if unkept:
                    self._restore(unkept)
                    return False
            elif not self._send(lines) and self.spool is None:
                return len(self._buffer) == 0

    def _send(self, lines: List[Line]) -> bool:
        """One call of the transport. Returns whether to go on."""
        outcome = send_lines(self._transport, lines)
        with self._changed:
            if self._gives_up:
                return False
            self._note(outcome, len(lines))
            self._buffer.release(outcome.done)
            self._sent += len(outcome.done)
            if outcome.is_final:
                self._give_up_on(outcome.unsent, str(outcome.failure))
        if outcome.may_pass:
            self._restore(self._keep(outcome.unsent))
        elif outcome.failure is None:
            self._report()
        return not outcome.may_pass

    def _send_spooled(self, end_s: Optional[float] = None) -> None:
        """Lines that are due go first, unless this is to be done by `end_s`."""
        while self.spool is not None:
            with self._changed:
                has_time = not self._has_lines_due() if end_s is None else self._pace.now_s() < end_s
                if self._gives_up or not has_time or self._pace.is_away() or not self._looks_into_spool:
                    return
            claimed = self.spool.claim(MAX_CALL_BYTES)
            with self._changed:
                if claimed is None:
                    self._looks_into_spool = False
                    self._changed.notify_all()
                    return
                if self._gives_up:
                    self.spool.give_back(claimed)
                    return
                self._claimed = claimed
            outcome = send_lines(self._transport, [Line(data, None) for data in claimed.lines])
            with self._changed:
                self._claimed = None
                if self._gives_up:
                    return
                self._note(outcome, len(claimed.lines))
                if outcome.may_pass:
                    self.spool.give_back(claimed)
                    return
                self._sent += len(outcome.done)
                if outcome.unsent:
                    self._drops.add(len(outcome.unsent), None, str(outcome.failure))
            self.spool.sent(claimed)
            if outcome.failure is None:
                self._report()

    def _note(self, outcome: Outcome, count: int) -> None:
        if outcome.failure is None:
            self._pace.worked()
            self._hangs = False
            if outcome.rejected:
                self._settings.complain(RuntimeError(f"The ledger rejected {outcome.rejected} of {count} events"))
        else:
            self._failures += 1
            self._settings.complain(outcome.failure)
            if outcome.may_pass:
                self._pace.failed(outcome.failure)
        self._changed.notify_all()

    def _keep(self, lines: List[Line]) -> List[Line]:
        """Writes lines that were taken out to the spool, in files that one call can send. Returns those that it could not
        write."""
        rest = list(lines)
        while rest and self.spool is not None:
            some = rest[: max(1, sum(len(record.lines) for record in pack_call(rest)))]
            try:
                deleted = self.spool.write([line.data for line in some])
            except Exception as error:
                self._settings.complain(error)
                break
            with self._changed:
                rest = rest[len(some) :]
                if self._gives_up:
                    # `close` has kept them too.
                    continue
                self._spooled += len(some)
                self._buffer.release(some)
                self._looks_into_spool = True
                if deleted:
                    self._drops.add(deleted, some[-1].run, "the spool is full; its oldest events were deleted")
                self._changed.notify_all()
        return rest

    def _restore(self, lines: List[Line]) -> None:
        with self._changed:
            if lines and not self._gives_up:
                self._buffer.restore(lines)
            self._changed.notify_all()

    def _give_up_on(self, lines: List[Line], reason: str) -> None:
        with self._changed:
            if lines and not self._gives_up:
                self._buffer.release(lines)
                self._drops.add(len(lines), lines[-1].run, reason)

    def _take_call(self, only_full: bool = False) -> List[Line]:
        counts = [len(record.lines) for record in pack_call(self._buffer)]
        if only_full and len(counts) > 1 and sum(counts) == len(self._buffer):
            counts.pop()
        return self._buffer.take(sum(counts))

    def _report(self) -> None:
        """Outside of the lock: it emits an event."""
        with self._changed:
            told = self._drops.take_untold()
        if told is not None:
            self._settings.report_drops(*told)
