"""The options of a ledger, from its arguments and from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ._version import VERSION
from .buffer import BufferLimits
from .describe_run import RunDefaults
from .spool import SpoolLimits, default_folder
from .transports.console import ConsoleTransport
from .transports.file import FileTransport
from .transports.firehose import FirehoseTransport
from .transports.http import HttpTransport
from .transports.s3 import S3Transport
from .transports.transport import Transport, TransportError
from .wire_value import unexpected

DEFAULT_URL = "http://127.0.0.1:4319"
OnError = Callable[[Exception], None]

_FALSE = ("", "0", "false", "no", "off")


@dataclass(frozen=True)
class Settings:
    transports: Tuple[Transport, ...]
    defaults: RunDefaults
    producer: Mapping[str, str]
    on_error: Optional[OnError]
    debug: bool
    heartbeats: bool
    context: bool
    flush_interval_s: float
    limits: BufferLimits
    #: None: there is no spool.
    spool: Optional[str]
    spool_limits: SpoolLimits


def settings_of(options: Mapping[str, Any], env: Mapping[str, str]) -> Settings:
    """Checks options and fills in the defaults. Raises a TypeError for the first one that is wrong: its name, what was
    expected, and the value. What is wrong in the environment raises nothing."""
    for name, value in options.items():
        if name not in _CHECKS:
            raise unexpected("options", f"one of {', '.join(_CHECKS)}", name)
        expected, holds = _CHECKS[name]
        if value is not None and not holds(value):
            raise unexpected(name, expected, "[secret]" if name == "token" and isinstance(value, str) and value else value)
    transports = options.get("transports")
    places = [name for name in ("url", "stream", "file", "s3") if options.get(name) is not None]
    if transports is not None and (places or options.get("token") is not None):
        raise TypeError(f"`transports`: expected either transports, or {', '.join(places or ['token'])}, got both")

    def text(name: str) -> Optional[str]:
        given: Optional[str] = options.get(name)
        return given or _text(env, f"RUNLEDGER_{name.upper()}")

    return Settings(
        transports=tuple(transports) if transports is not None else tuple(_transports_to(options, places, env)),
        defaults=RunDefaults(text("environment"), text("owner"), dict(options.get("tags") or {})),
        producer=options.get("producer") or {"name": "runledger-python", "version": VERSION},
        on_error=options.get("on_error"),
        debug=_flag(env, "RUNLEDGER_DEBUG", False),
        heartbeats=_given(options, "heartbeats", True),
        context=_given(options, "context", _flag(env, "RUNLEDGER_CONTEXT", True)),
        flush_interval_s=_given(options, "flush_interval_ms", 1_000) / 1000,
        limits=BufferLimits(
            events=_given(options, "max_buffer_events", 50_000),
            bytes=_given(options, "max_buffer_bytes", _number(env, "RUNLEDGER_BUFFER_BYTES", 8 * 1024 * 1024)),
        ),
        spool=_spool_of(options, env, transports is not None),
        spool_limits=SpoolLimits(
            bytes=_number(env, "RUNLEDGER_SPOOL_BYTES", SpoolLimits.bytes),
            age_s=_number(env, "RUNLEDGER_SPOOL_HOURS", 168) * 3_600,
        ),
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


_TEXT = ("text that is not empty", _is_text)
_COUNT = ("a positive integer", _is_count)
_FLAG = ("True or False", _is_flag)
_CHECKS: Dict[str, Tuple[str, Callable[[Any], bool]]] = {
    "transports": (
        "a list of objects with a method `send`",
        lambda value: isinstance(value, Sequence) and all(callable(getattr(one, "send", None)) for one in value),
    ),
    "url": _TEXT,
    "token": _TEXT,
    "stream": _TEXT,
    "file": ("the path of a file", lambda value: _is_text(value) or isinstance(value, os.PathLike)),
    "s3": _TEXT,
    "environment": _TEXT,
    "owner": _TEXT,
    "producer": (
        "a dict of name and version, both text",
        lambda value: isinstance(value, Mapping) and _is_text(value.get("name")) and _is_text(value.get("version")),
    ),
    "tags": ("a dict of text, numbers or booleans", lambda value: isinstance(value, Mapping)),
    "on_error": ("a function", callable),
    "heartbeats": _FLAG,
    "context": _FLAG,
    "flush_interval_ms": _COUNT,
    "max_buffer_bytes": _COUNT,
    "max_buffer_events": _COUNT,
    "spool": (
        "the path of a folder, or False for none",
        lambda value: value is False or _is_text(value) or isinstance(value, os.PathLike),
    ),
}


def _transports_to(options: Mapping[str, Any], places: List[str], env: Mapping[str, str]) -> List[Transport]:
    """Where the options say, else everywhere the environment says, else to the ledger on this machine."""
    token = options.get("token") or _text(env, "RUNLEDGER_TOKEN")
    if places:
        return [_MAKERS[name](options[name], token) for name in places]
    if _flag(env, "RUNLEDGER_DISABLED", False):
        return []
    made = []
    for name, make in _MAKERS.items():
        given = _text(env, f"RUNLEDGER_{name.upper()}")
        if given:
            made.append(_made(f"RUNLEDGER_{name.upper()}", name, lambda: make(given, token)))  # noqa: B023
    if _flag(env, "RUNLEDGER_CONSOLE", False):
        made.append(ConsoleTransport())
    return made or [_made("RUNLEDGER_TOKEN", "token", lambda: HttpTransport(DEFAULT_URL, token=token))]


_MAKERS: Dict[str, Callable[[Any, Optional[str]], Transport]] = {
    "url": lambda value, token: HttpTransport(value, token=token),
    "stream": lambda value, _: FirehoseTransport(value),
    "file": lambda value, _: FileTransport(value),
    "s3": lambda value, _: S3Transport(value),
}


def _made(variable: str, option: str, make: Callable[[], Transport]) -> Transport:
    """A mistake in the environment variables of a job must not keep the job from running."""
    try:
        return make()
    except Exception as error:
        message = str(error).replace(f"`{option}`", f"`{variable}`")
        return _Refusing(variable, message)


class _Refusing:
    def __init__(self, name: str, message: str) -> None:
        self.name = name
        self._message = message

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        raise TransportError(self._message, retryable=False)


def _spool_of(options: Mapping[str, Any], env: Mapping[str, str], has_own_transports: bool) -> Optional[str]:
    given = options.get("spool")
    if given is False:
        return None
    if given is not None:
        return str(os.path.abspath(os.path.expanduser(os.fspath(given))))
    told = env.get("RUNLEDGER_SPOOL")
    if told is not None:
        return None if told.strip().lower() in _FALSE else os.path.abspath(os.path.expanduser(told.strip()))
    # A transport of the host's own may have no name that is the same the next time.
    return None if has_own_transports else default_folder()


def _given(options: Mapping[str, Any], name: str, default: Any) -> Any:
    value = options.get(name)
    return default if value is None else value


def _text(env: Mapping[str, str], name: str) -> Optional[str]:
    return env.get(name, "").strip() or None


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = env.get(name)
    return default if value is None else value.strip().lower() not in _FALSE


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    return int(text) if text.isdigit() and int(text) > 0 else default
