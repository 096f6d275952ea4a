/** What a kind of error is in the taxonomy. */
export interface Kind {
  readonly error_code: string;
  readonly retryable: boolean;
}

const kind = (error_code: string, retryable: boolean): Kind => ({ error_code, retryable });
const TIMEOUT = kind('T101', true);
const BUSY = kind('T102', true);
const SCHEMA = kind('D201', false);
const COLUMN = kind('D202', false);
const PARAM = kind('C301', false);
const MEMORY = kind('R401', true);
const RESOURCE = kind('R400', true);
const IO = kind('S500', true);
const DENIED = kind('S500', false);

/** By the `code` of Node's errors and the `name` of others: of the web, of AWS, of drivers. As in the Python client. */
const NAMES: readonly (readonly [Kind, string])[] = [
  [
    TIMEOUT,
    `ETIMEDOUT ECONNRESET ECONNREFUSED ECONNABORTED EPIPE ENOTFOUND EAI_AGAIN ENETDOWN ENETUNREACH EHOSTUNREACH EHOSTDOWN
    TimeoutError ConnectionError UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT UND_ERR_SOCKET
    PROTOCOL_CONNECTION_LOST MongoNetworkError MongoServerSelectionError`,
  ],
  [
    BUSY,
    `SlowDown ServiceUnavailable ServiceUnavailableException ThrottlingException TooManyRequestsException InternalError
    RequestTimeout Throttling ThrottledException RequestLimitExceeded BandwidthLimitExceeded LimitExceededException
    ProvisionedThroughputExceededException TransactionInProgressException RequestThrottled RequestThrottledException
    PriorRequestNotComplete EC2ThrottledException InternalServerError InternalFailure ServiceException
    InternalServiceException ConcurrentModificationException TooManyRequests RateLimitError ER_LOCK_DEADLOCK
    ER_LOCK_WAIT_TIMEOUT ER_CON_COUNT_ERROR HTTP_429 HTTP_500 HTTP_502 HTTP_503 HTTP_504`,
  ],
  [SCHEMA, 'ZodError ValidationError SchemaError ArrowInvalid ER_DATA_TOO_LONG ER_DUP_ENTRY'],
  [COLUMN, 'UNRESOLVED_COLUMN ER_BAD_FIELD_ERROR'],
  [
    PARAM,
    `ERR_INVALID_URL ERR_PARSE_ARGS_INVALID_OPTION_VALUE ERR_PARSE_ARGS_UNKNOWN_OPTION ERR_MODULE_NOT_FOUND
    MODULE_NOT_FOUND ValidationException InvalidParameterValue InvalidParameterException InvalidParameter
    InvalidParameterCombination MissingParameter InvalidArgument InvalidRequestException NoSuchBucket
    ResourceNotFoundException TABLE_OR_VIEW_NOT_FOUND ER_NO_SUCH_TABLE ER_PARSE_ERROR HTTP_400 HTTP_404 HTTP_405
    HTTP_422`,
  ],
  [MEMORY, 'ENOMEM ERR_WORKER_OUT_OF_MEMORY ERR_MEMORY_ALLOCATION_FAILED OutOfMemoryError'],
  [
    RESOURCE,
    `ENOSPC EDQUOT EMFILE ENFILE ServiceQuotaExceededException ConcurrentRunsExceededException
    ResourceNumberLimitExceededException`,
  ],
  [IO, 'ENOENT EIO EBUSY EISDIR ENOTDIR EEXIST ENOTEMPTY EXDEV NoSuchKey'],
  [
    DENIED,
    `EACCES EPERM EROFS AccessDenied AccessDeniedException Forbidden UnauthorizedOperation UnauthorizedException
    ExpiredToken ExpiredTokenException InvalidClientTokenId UnrecognizedClientException SignatureDoesNotMatch AuthFailure
    InvalidAccessKeyId CredentialsProviderError ER_ACCESS_DENIED_ERROR HTTP_401 HTTP_403 HTTP_407`,
  ],
];
const KINDS = new Map(NAMES.flatMap(([one, names]) => names.split(/\s+/).map((name) => [name, one] as const)));

/** Codes of SQL, as drivers of Postgres and others give them, and their first two letters. */
const SQL_CODES: Readonly<Record<string, Kind>> = {
  '42703': COLUMN,
  '42501': DENIED,
  '53200': MEMORY,
  '42804': SCHEMA,
  '53300': BUSY,
};
const SQL_CLASSES: Readonly<Record<string, Kind>> = {
  '08': TIMEOUT,
  '40': BUSY,
  '53': RESOURCE,
  '57': BUSY,
  '22': SCHEMA,
  '23': SCHEMA,
  '28': DENIED,
  '42': PARAM,
};

/** The kind of the first word that is known. Undefined: none is. */
export function kindOfWords(words: readonly (string | undefined)[]): Kind | undefined {
  for (const word of words) {
    if (word === undefined) continue;
    const known =
      KINDS.get(word) ?? (/^[0-9A-Z]{5}$/.test(word) ? (SQL_CODES[word] ?? SQL_CLASSES[word.slice(0, 2)]) : undefined);
    if (known) return known;
  }
  return undefined;
}

/** Of an error whose name says nothing. */
export function kindOfMessage(name: string, message: string): Kind | undefined {
  if (message.includes('java.lang.OutOfMemoryError')) return MEMORY;
  if (name === 'RangeError' && /out of memory|heap|allocation|invalid (array|string) length/i.test(message))
    return MEMORY;
  return name === 'SyntaxError' && message.includes('JSON') ? SCHEMA : undefined;
}
