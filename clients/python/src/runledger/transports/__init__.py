"""How events travel."""

from __future__ import annotations

from .console import ConsoleTransport
from .file import FileTransport
from .firehose import FirehoseTransport
from .http import HttpTransport
from .recording import RecordingTransport
from .s3 import S3Transport
from .transport import Transport, TransportError

__all__ = [
    "ConsoleTransport",
    "FileTransport",
    "FirehoseTransport",
    "HttpTransport",
    "RecordingTransport",
    "S3Transport",
    "Transport",
    "TransportError",
]
