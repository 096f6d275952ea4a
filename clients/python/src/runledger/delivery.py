"""Delivers lines to one transport from a thread of its own, so that no network stands in the job's way."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence

from .backoff import backoff_s
from .buffer import BufferLimits, EventBuffer, Line
from .event import RunIdentity
from .line import MAX_RECORD_BYTES
from .pack import pack_call
from .runtime import Runtime
from .spool import Claimed, Spool
from .transports.transport import Transport, TransportError
from .wire_value import Complain

#: The longest pause between two tries of its own. The ledger may ask for longer ones, up to the second.
_MAX_PAUSE_S = 30.0
_MAX_RETRY_AFTER_S = 300.0
#: What a transport is given for one call.
_CALL_S = 20.0
_NOBODY = RunIdentity("", "", 1)


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
    pauses."""

    def __init__(self, transport: Transport, spool: Optional[Spool], settings: DeliverySettings) -> None:
        self._transport = transport
        self.spool = spool
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """In a process that was forked: what waits is the parent's to send, and its thread is not here."""
        self._changed = threading.Condition(threading.RLock())
        self._buffer = EventBuffer(self._settings.limits)
        self._worker: Optional[threading.Thread] = None
        self._sent = self._spooled = self._dropped = self._failures = 0
        self._failures_in_a_row = 0
        self._not_before_s = 0.0
        self._due_s: Optional[float] = None
        self._asked = False
        self._is_closed = False
        self._gives_up = False
        self._claimed: Optional[Claimed] = None
        #: Files of the spool are looked for at start, and after every success that follows a failure.
        self._looks_into_spool = self.spool is not None
        #: The last flush timed out, and nothing has been sent since.
        self._hangs = False
        self._unreported = 0
        self._unreported_run = _NOBODY

    def stats(self) -> DeliveryStats:
        with self._changed:
            pending = self._buffer.events
            return DeliveryStats(self._sent, self._spooled, self._dropped, pending, self._failures)

    def push(self, line: Line) -> None:
        with self._changed:
            if self._is_closed:
                self._drop(1, line.run, "the ledger is closed")
                return
            if not self._buffer.has_room_for(line):
                self._make_room(line)
            if not self._buffer.has_room_for(line):
                self._drop(1, line.run, f"the buffer is full with {self._buffer.events} events")
                return
            self._buffer.push(line)
            if self._due_s is None:
                self._due_s = self._now_s() + self._settings.flush_interval_s
            elif self._buffer.bytes < MAX_RECORD_BYTES:
                return
            self._wake()

    def drop(self, run: RunIdentity, reason: str) -> None:
        with self._changed:
            self._drop(1, run, reason)

    def flush(self, timeout_s: float, unless_away: bool = False) -> bool:
        """Sends what waits. Returns when that is sent, kept in the spool, or has failed, or after `timeout_s`: then
        False. `unless_away` returns at once while the transport is known to hang."""
        with self._changed:
            if self._is_closed or (unless_away and (self._hangs or (self._is_away() and not self.spool))):
                return True
            if threading.current_thread() is self._worker:
                # The host's own `on_error` asked for it: the thread cannot wait for itself.
                return False
            if not self._wake():
                self._work_once()
                return True
            failures = self._failures
            self._asked = True
            self._changed.notify_all()
            is_done = self._changed.wait_for(
                lambda: self._buffer.events == 0 or (self._failures != failures and not self._buffer.taken), timeout_s
            )
            self._hangs = not is_done
            return is_done

    def close(self, timeout_s: float) -> None:
        """Flushes once more, and what the spool has from before, then keeps the rest in the spool; without one it is
        dropped."""
        end_s = self._now_s() + timeout_s
        self.flush(timeout_s)
        with self._changed:
            if self._is_closed:
                return
            if self._looks_into_spool and self._worker is not None:
                left_s = max(0.0, end_s - self._now_s())
                self._changed.wait_for(lambda: not self._looks_into_spool or self._is_away(), left_s)
            self._is_closed = self._gives_up = True
            if self._claimed and self.spool:
                self.spool.give_back(self._claimed)
            # Sent twice, if the call under way should succeed: the ledger drops duplicates.
            left = [*self._buffer.taken, *self._buffer.take(len(self._buffer))]
            self._buffer.taken = list(left)
            if left and not self._keep(left):
                self._drop(len(left), left[-1].run, f"{len(left)} could not be sent before the ledger was closed")
            self._buffer.release(left)
            self._changed.notify_all()

    def send_spooled(self, timeout_s: float) -> None:
        """Sends what the spool has, in this thread; until it is empty, or a call fails, or after `timeout_s`."""
        end_s = self._now_s() + timeout_s
        with self._changed:
            self._looks_into_spool = self.spool is not None
        while self._looks_into_spool and not self._is_away() and self._now_s() < end_s:
            self._send_spooled()

    def _make_room(self, line: Line) -> None:
        """Moves the oldest lines to the spool, a record at a time; without one drops them, because later events know
        more: an END repeats everything of its START."""
        while len(self._buffer) > 0 and not self._buffer.has_room_for(line):
            if self.spool:
                oldest = self._take_call()
                is_kept = self._keep(oldest)
            else:
                oldest = self._buffer.take(1)
                is_kept = False
            self._buffer.release(oldest)
            if not is_kept:
                self._drop(len(oldest), oldest[-1].run, f"the buffer is full with {self._buffer.events} events")

    def _drop(self, count: int, run: RunIdentity, reason: str) -> None:
        """Complains once, and again only after sending has worked."""
        self._dropped += count
        if self._unreported == 0:
            self._settings.complain(RuntimeError(f"Events are being dropped: {reason}"))
        self._unreported += count
        self._unreported_run = run

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
                while not self._is_due():
                    self._changed.wait(self._wait_s())
                if self._gives_up:
                    return
                is_early = not self._asked and self._due_s is not None and self._now_s() < self._due_s
            self._work_once(only_full=is_early)

    def _is_due(self) -> bool:
        if self._gives_up or self._asked:
            return True
        now_s = self._now_s()
        if self._is_away():
            return bool(self.spool and self._due_s is not None and now_s >= self._due_s)
        is_full = self._buffer.bytes >= MAX_RECORD_BYTES and len(self._buffer) > 0
        has_lines = self._due_s is not None and (is_full or now_s >= self._due_s)
        return has_lines or (self._looks_into_spool and self._failures_in_a_row > 0)

    def _wait_s(self) -> Optional[float]:
        """Until the next thing is due; None: until something comes."""
        moments = [self._due_s] if self._due_s is not None else []
        if self._is_away():
            moments = [*(moments if self.spool else []), self._not_before_s]
        return max(0.001, min(moments) - self._now_s()) if moments else None

    def _work_once(self, only_full: bool = False) -> None:
        """Sends until the buffer is empty or a call fails, then what the spool has from before. `only_full`: the last
        lines, which do not fill a record, wait for more."""
        try:
            self._send_lines(only_full)
            self._send_spooled()
        except Exception as error:
            # A fault of this code must not end the thread: what it holds stays.
            self._settings.complain(error)
        finally:
            with self._changed:
                self._asked = False
                if len(self._buffer) == 0:
                    self._due_s = None
                elif self._due_s is not None and not only_full:
                    self._due_s = max(self._due_s, self._now_s() + self._settings.flush_interval_s)
                self._changed.notify_all()

    def _send_lines(self, only_full: bool) -> None:
        while True:
            with self._changed:
                if self._gives_up:
                    return
                if self._is_away():
                    self._keep_waiting()
                    return
                if only_full and self._buffer.bytes < MAX_RECORD_BYTES:
                    return
                lines = self._take_call(only_full)
                if not lines:
                    self._due_s = None
                    return
            if not self._call(lines, self._after_lines):
                return

    def _send_spooled(self) -> None:
        while self.spool is not None:
            with self._changed:
                if self._gives_up or self._is_away() or not self._looks_into_spool or len(self._buffer) > 0:
                    return
                self._claimed = self.spool.claim()
                claimed = self._claimed
                if claimed is None:
                    self._looks_into_spool = False
                    self._changed.notify_all()
                    return
            is_taken = self._call([Line(data, _NOBODY) for data in claimed.lines], self._after_spooled)
            with self._changed:
                self._claimed = None
            if not is_taken:
                return

    def _call(self, lines: List[Line], after: Callable[[List[Line], Optional[Exception]], bool]) -> bool:
        """One call of the transport. Returns whether to go on."""
        records = pack_call(lines)
        failure: Optional[Exception] = None
        rejected: Optional[int] = None
        try:
            rejected = self._transport.send([record.data() for record in records], _CALL_S)
        except Exception as error:
            failure = error
        unsent: List[Line] = []
        if failure is not None:
            indexes = getattr(failure, "unsent", None)
            packed = [record for at, record in enumerate(records) if indexes is None or at in indexes]
            unsent = list(itertools.chain.from_iterable(record.lines for record in packed))
        with self._changed:
            if self._gives_up:
                return False
            if failure is None:
                self._worked(rejected, len(lines))
            else:
                self._failures += 1
                self._settings.complain(failure)
            goes_on = after(unsent, failure)
            self._changed.notify_all()
        if failure is None:
            self._report()
        return goes_on

    def _after_lines(self, unsent: List[Line], failure: Optional[Exception]) -> bool:
        taken = list(self._buffer.taken)
        kept = {id(line) for line in unsent}
        done = [line for line in taken if id(line) not in kept]
        self._buffer.release(done)
        self._sent += len(done)
        if failure is None:
            return True
        if not _is_retryable(failure):
            self._buffer.release(unsent)
            if unsent:
                self._drop(len(unsent), unsent[-1].run, str(failure))
            return True
        self._pause(failure)
        if self._keep(unsent):
            self._buffer.release(unsent)
        else:
            self._buffer.restore(unsent)
        return False

    def _after_spooled(self, unsent: List[Line], failure: Optional[Exception]) -> bool:
        claimed = self._claimed
        if claimed is None or self.spool is None:
            return False
        if failure is not None and _is_retryable(failure):
            self._pause(failure)
            self.spool.give_back(claimed)
            return False
        self.spool.sent(claimed)
        self._sent += len(claimed.lines) - len(unsent)
        if unsent:
            self._drop(len(unsent), _NOBODY, str(failure))
        return True

    def _keep_waiting(self) -> None:
        """While the transport is away, what comes goes to the spool."""
        while self.spool is not None:
            lines = self._take_call()
            if not lines:
                return
            if not self._keep(lines):
                self._buffer.restore(lines)
                return
            self._buffer.release(lines)

    def _keep(self, lines: Sequence[Line]) -> bool:
        """Writes lines to the spool, in files that one call can send."""
        if self.spool is None:
            return False
        if not lines:
            return True
        rest = list(lines)
        try:
            while rest:
                count = max(1, sum(len(record.lines) for record in pack_call(rest)))
                deleted = self.spool.write([line.data for line in rest[:count]])
                self._spooled += count
                self._looks_into_spool = True
                rest = rest[count:]
                if deleted:
                    self._drop(deleted, lines[-1].run, "the spool is full; its oldest events were deleted")
            return True
        except Exception as error:
            self._settings.complain(error)
            # Those that were written are sent twice.
            return False

    def _take_call(self, only_full: bool = False) -> List[Line]:
        counts = [len(record.lines) for record in pack_call(self._buffer)]
        if only_full and len(counts) > 1 and sum(counts) == len(self._buffer):
            counts.pop()
        return self._buffer.take(sum(counts))

    def _worked(self, rejected: Optional[int], count: int) -> None:
        self._failures_in_a_row = 0
        self._not_before_s = 0.0
        self._hangs = False
        if rejected:
            self._settings.complain(RuntimeError(f"The ledger rejected {rejected} of {count} events"))

    def _report(self) -> None:
        """Outside of the lock: it emits an event."""
        with self._changed:
            count, run = self._unreported, self._unreported_run
            self._unreported = 0
        if count and run is not _NOBODY:
            self._settings.report_drops(count, run)

    def _pause(self, failure: Exception) -> None:
        self._failures_in_a_row += 1
        interval_s = self._settings.flush_interval_s
        own_s = backoff_s(self._failures_in_a_row, interval_s, _MAX_PAUSE_S, self._settings.runtime.random)
        asked_s = min(float(getattr(failure, "retry_after_s", 0) or 0), _MAX_RETRY_AFTER_S)
        self._not_before_s = self._now_s() + max(interval_s, own_s, asked_s)

    def _is_away(self) -> bool:
        return self._now_s() < self._not_before_s

    def _now_s(self) -> float:
        return self._settings.runtime.elapsed() / 1000


def _is_retryable(failure: Exception) -> bool:
    return failure.retryable if isinstance(failure, TransportError) else True
