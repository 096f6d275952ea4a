"""Which code of the taxonomy an error has, by the names of its type and by what it says of itself: nothing is imported
to find out."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Optional


@dataclass(frozen=True)
class Kind:
    error_code: str
    retryable: Optional[bool]


_TIMEOUT = Kind("T101", True)
_BUSY = Kind("T102", True)
_SCHEMA = Kind("D201", False)
_COLUMN = Kind("D202", False)
_PARAM = Kind("C301", False)
_MEMORY = Kind("R401", True)
_RESOURCE = Kind("R400", True)
_IO = Kind("S500", True)
_DENIED = Kind("S500", False)

#: By the names of types (those of a base type too), by the codes of AWS, and by those of the system.
_NAMES: Dict[Kind, str] = {
    _TIMEOUT: """
        ETIMEDOUT ECONNRESET ECONNREFUSED ECONNABORTED EPIPE ENOTFOUND EAI_AGAIN ENETDOWN ENETUNREACH EHOSTUNREACH
        EHOSTDOWN TimeoutError ConnectionError ConnectionResetError ConnectionRefusedError ConnectionAbortedError
        BrokenPipeError gaierror herror Timeout ConnectTimeout ReadTimeout ConnectTimeoutError ReadTimeoutError
        EndpointConnectionError ConnectionClosedError HTTPClientError ProxyError ProxyConnectionError SSLError
        ChunkedEncodingError IncompleteRead IncompleteReadError RemoteDisconnected ProtocolError MaxRetryError
        NewConnectionError NameResolutionError ConnectError PoolTimeout WriteTimeout WriteError ReadError
        RemoteProtocolError ServerTimeoutError ClientConnectorError ServerDisconnectedError ClientPayloadError
        ResponseStreamingError Py4JNetworkError SparkConnectGrpcException URLError
        java.net.SocketTimeoutException java.net.ConnectException java.net.UnknownHostException
        java.util.concurrent.TimeoutException""",
    _BUSY: """
        SlowDown ServiceUnavailable ServiceUnavailableException ThrottlingException TooManyRequestsException InternalError
        RequestTimeout Throttling ThrottledException RequestLimitExceeded BandwidthLimitExceeded LimitExceededException
        ProvisionedThroughputExceededException TransactionInProgressException RequestThrottled RequestThrottledException
        PriorRequestNotComplete EC2ThrottledException InternalServerError InternalFailure ServiceException
        InternalServiceException ConcurrentModificationException TooManyRequests DeadlockDetected SerializationFailure
        LockNotAvailable TooManyConnections AdminShutdown CannotConnectNow QueryCanceled LockTimeout OptimisticLockError
        ConcurrentAppendException ConcurrentDeleteReadException ConcurrentDeleteDeleteException
        ConcurrentTransactionException CommitFailedException RateLimitError HTTP_429 HTTP_500 HTTP_502 HTTP_503
        HTTP_504""",
    _SCHEMA: """
        ZodError ValidationError JSONDecodeError SchemaError SchemaErrors UnicodeDecodeError ParserError EmptyDataError
        DtypeWarning MergeError ArrowInvalid ArrowTypeError ArrowNotImplementedError ParseException
        DatatypeMismatch InvalidTextRepresentation NumericValueOutOfRange NotNullViolation UniqueViolation
        ForeignKeyViolation CheckViolation StringDataRightTruncation IntegrityError DataError DateTimeException
        NumberFormatException SparkNumberFormatException SparkDateTimeException SparkUpgradeException
        IntCastingNaNError OutOfBoundsDatetime InvalidIndexError BadGzipFile SchemaMismatchError DeltaAnalysisException
        InvalidSchema SchemaColumnConvertNotSupportedException""",
    _COLUMN: """UndefinedColumn ColumnNotFoundError UNRESOLVED_COLUMN AMBIGUOUS_REFERENCE ColumnNotFound""",
    _PARAM: """
        ERR_INVALID_URL ERR_PARSE_ARGS_INVALID_OPTION_VALUE ERR_PARSE_ARGS_UNKNOWN_OPTION InvalidURL MissingSchema
        ParamValidationError NoRegionError NoCredentialsError PartialCredentialsError ProfileNotFound ConfigNotFound
        InvalidConfigError UnknownServiceError ArgumentError ArgumentTypeError NoOptionError NoSectionError
        MissingSectionHeaderError ValidationException InvalidParameterValue InvalidParameterException InvalidParameter
        InvalidParameterCombination MissingParameter InvalidArgument InvalidRequestException NoSuchBucket
        ResourceNotFoundException UndefinedTable TABLE_OR_VIEW_NOT_FOUND InvalidCatalogName InvalidSchemaName
        SyntaxErrorOrAccessRuleViolation PARSE_SYNTAX_ERROR IllegalArgumentException ModuleNotFoundError ImportError
        NoSuchTableError HTTP_400 HTTP_404 HTTP_405 HTTP_422""",
    _MEMORY: """
        ENOMEM ERR_WORKER_OUT_OF_MEMORY ERR_MEMORY_ALLOCATION_FAILED MemoryError ArrayMemoryError ArrowMemoryError
        OutOfMemory OutOfMemoryError java.lang.OutOfMemoryError SparkOutOfMemoryError""",
    _RESOURCE: """
        ENOSPC EDQUOT EMFILE ENFILE DiskFull ServiceQuotaExceededException ConcurrentRunsExceededException
        ResourceNumberLimitExceededException BrokenProcessPool ConfigurationLimitExceeded BrokenExecutor""",
    _IO: """
        ENOENT EIO EBUSY EISDIR ENOTDIR EEXIST ENOTEMPTY EXDEV FileNotFoundError NoSuchKey
        FileExistsError IsADirectoryError NotADirectoryError PATH_NOT_FOUND""",
    _DENIED: """
        EACCES EPERM EROFS PermissionError AccessDenied AccessDeniedException Forbidden UnauthorizedOperation
        UnauthorizedException ExpiredToken ExpiredTokenException InvalidClientTokenId UnrecognizedClientException
        SignatureDoesNotMatch AuthFailure InvalidAccessKeyId TokenRefreshRequired CredentialRetrievalError
        InsufficientPrivilege InvalidPassword InvalidAuthorizationSpecification AuthenticationError PermissionDenied
        HTTP_401 HTTP_403 HTTP_407 AccessControlException""",
}
KINDS: Dict[str, Kind] = {name: kind for kind, names in _NAMES.items() for name in names.split()}

#: The first two letters of a code of SQL, where the type says no more than that it is an error of the database.
_SQL_CLASSES = {
    "08": _TIMEOUT,
    "40": _BUSY,
    "53": _RESOURCE,
    "57": _BUSY,
    "22": _SCHEMA,
    "23": _SCHEMA,
    "28": _DENIED,
    "42": _PARAM,
}
_SQL_CODES = {"42703": _COLUMN, "42501": _DENIED, "53200": _MEMORY, "42804": _SCHEMA, "53300": _BUSY}


def kind_of(error: Any) -> Optional[Kind]:
    """None: nothing is known of it."""
    for word in _words_of(error):
        kind = KINDS.get(word) or _SQL_CODES.get(word)
        if kind:
            return kind
        if re.fullmatch(r"[0-9A-Z]{5}", word) and word[:2] in _SQL_CLASSES:
            return _SQL_CLASSES[word[:2]]
    return _by_message(error)


def retryable_by_class(code: str) -> Optional[bool]:
    """Whether errors of a code's class are retryable, by the taxonomy; None: unknown."""
    if re.fullmatch(r"(T1|R4|S5)\d\d", code, re.ASCII):
        return True
    return False if re.fullmatch(r"(D2|C3)\d\d", code, re.ASCII) else None


def _words_of(error: Any) -> Iterator[str]:
    """What an error calls itself, the most exact first."""
    for name in ("code", "pgcode", "sqlstate", "name"):
        word = _attribute(error, name)
        if isinstance(word, str):
            yield word
    # botocore's ClientError.
    response = _attribute(error, "response")
    if isinstance(response, dict):
        yield str((response.get("Error") or {}).get("Code", ""))
    # requests and httpx; urllib's own code is a number.
    status = _attribute(response, "status_code") or _attribute(error, "code")
    if isinstance(status, int):
        yield f"HTTP_{status}"
    # pyspark names its conditions; py4j has the exception of Java.
    for name in ("getErrorClass", "getCondition"):
        getter = _attribute(error, name)
        if callable(getter):
            yield str(_called(getter) or "").split(".")[0]
    java = _attribute(error, "java_exception")
    if java is not None:
        yield str(_called(lambda: java.getClass().getName()) or "")
    number = _attribute(error, "errno")
    if isinstance(number, int) and number in errno.errorcode:
        yield errno.errorcode[number]
    for base in type(error).__mro__:
        if base.__name__ not in _TOO_GENERAL:
            yield base.__name__


_TOO_GENERAL = {"object", "BaseException", "Exception", "OSError", "ValueError", "RuntimeError", "LookupError"}

_MEMORY_TEXT = re.compile(r"out of memory|heap|allocation|invalid (array|string) length", re.IGNORECASE)


def _by_message(error: Any) -> Optional[Kind]:
    if not isinstance(error, BaseException):
        return None
    try:
        message = str(error)
    except Exception:
        return None
    name = type(error).__name__
    if "java.lang.OutOfMemoryError" in message or (name == "RangeError" and _MEMORY_TEXT.search(message)):
        return _MEMORY
    if name == "SyntaxError" and "JSON" in message:
        return _SCHEMA
    # psycopg's, when the server says no more: the connection failed.
    if name in ("OperationalError", "InterfaceError") and type(error).__module__.startswith(("psycopg", "pymysql")):
        return _TIMEOUT
    if name == "AnalysisException":
        return _COLUMN if "cannot resolve" in message or "UNRESOLVED_COLUMN" in message else _SCHEMA
    # A key that pandas did not find is a column; any other may be anything.
    if isinstance(error, KeyError) and ("not in index" in message or _passes(error, "pandas")):
        return _COLUMN
    return None


def _passes(error: BaseException, package: str) -> bool:
    """Whether code of a package raised it."""
    trace = error.__traceback__
    while trace is not None:
        if str(trace.tb_frame.f_globals.get("__name__", "")).split(".")[0] == package:
            return True
        trace = trace.tb_next
    return False


def _attribute(holder: Any, name: str) -> Any:
    try:
        return getattr(holder, name, None)
    except Exception:
        return None


def _called(getter: Any) -> Any:
    try:
        return getter()
    except Exception:
        return None
