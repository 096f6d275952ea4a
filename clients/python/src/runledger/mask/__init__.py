"""The ledger's own mask: a port of `core/mask`, which the shared vectors hold to it."""

from __future__ import annotations

from .addresses import is_email
from .built_in import mask
from .names import SecretKind, kind_under, mark_of, named_in

__all__ = ["SecretKind", "is_email", "kind_under", "mark_of", "mask", "named_in"]
