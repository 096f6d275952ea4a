"""The version of this package, and that of the event shape it writes."""

VERSION = "0.1.0"
SCHEMA_VERSION = "1"
