"""Which names are those of secrets."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Literal, Optional

from .letters import ported

#: What the value under a name is: a secret; a secret under a word that is one of English and of parsers too, or that
#: counts; the signature of a request; or what is one only in a URL, as `name=value`.
SecretKind = Literal["secret", "word", "count", "signature", "query-signature"]

#: Longer names are judged by their last part.
MAX_NAME = 128

_I = re.IGNORECASE

#: Every name below contains one of these.
_STEM = ported(
    r"p(?:ass|wd|(?:s?w|at|word)(?![a-z]))|s(?:ecret|ig|ess)|token|key|a(?:uth|ccessid)|c(?:red|ookie)|bearer|jwt|otp|hook",
    _I,
)

_KEYS_OF = (
    "api|access|private|secret|account|storage|encryption|decryption|signing|master|shared|ssh|subscription|auth|"
    "application|app|consumer|fernet|license|service|deploy|bot|hmac|aes|rsa|gpg|pgp|jwt|cipher|crypto|sas|admin|write|"
    "ingest|integration|dd|openai|anthropic|cohere|mistral|groq|gemini|azure|google|gcp|stripe|sendgrid|mailgun|mailchimp|"
    "twilio|datadog|newrelic|sentry|pagerduty|opsgenie|algolia|mapbox|heroku|github|gitlab|slack|snyk|sonar|cloudflare|"
    "fastly|airtable|notion|linear|segment|mixpanel|amplitude|huggingface|hf|pinecone|confluent|databricks|snowflake|"
    "postman|vercel|netlify|linkedin|twitter|facebook|telegram|discord|zendesk|intercom|hubspot|okta|jira|atlassian|"
    "bitbucket|artifactory|npm|pypi|docker"
)
_SECRET_WORDS = (
    # Also at the end of a longer word, as in `PGPASSWORD` and `clientsecret`.
    r"\w*(?:passwords?|passwd|passphrase|passcode|passkey|pwd|pswd|secrets?|credentials?|creds?)",
    r"\w*(?:(?:api|access|private|secret|account|shared|master)keys?|(?:auth|access|refresh|session|security|bearer|api|id)tokens?)",
    f"(?:{_KEYS_OF}) keys?",
    "(?:redis|rediscli|basic|proxy|http) auth",
    r"tokens?|bearer|authorization|cookies?|jwt|[a-z]+sess(?:ion)?id|gitlab session|otp|totp|webhook(?: ur[il])?",
    # Only as the last word.
    "(?:pass|requirepass|pw|psw|pword|pat|secret id)(?=$)",
    "(?:db|user|usr|smtp|mail|s?ftp|mysql|pg|postgres|redis|mongo|root|admin|proxy|login|key|store|http|ssh)(?:pass|pw)(?=$)",
)
_SECRET = ported(f"(?:^| )(?:{'|'.join(_SECRET_WORDS)})(?= |$)")
_WORD = ported(r"^(?:token|secret|pat|cookie)$")
_COUNTING = ported(r"^pass$|(?:^| )(?:tokens|secrets|cookies|keys)$")
_SIGNATURE = ported(
    r"^x (?:amz|goog|oss|ms|cos|hub) (?:signature|credential|security token)$|^(?:oauth|shared access) signature$"
)
_QUERY_SIGNATURE = ported(r"^(?:sig|signature|(?:aws|oss)?accesskeyid|googleaccessid)$", _I)
_NO_SECRET = ported(
    "|".join(
        (
            # What says something about a secret.
            r"(?<!webhook)(?<!^secret)(?<! secret) (?:ids?|ur[il]s?)$",
            " (?:counts?|length|len|size|limits?|usage|used|budget|totals?|max|min|num|number|names?|arns?|types?|policy|"
            "expiry|expires|expiration|expired|age|ttl|in|at|on|date|time|timestamp|version|endpoint|paths?|files?|filename|"
            "location|provider|source|manager|store|vault|enabled|disabled|required|valid|present|exists|found|status|state|"
            "mode|method|format|rotation|rotated|changed|updated|created|hint|field|columns?|index|prefix|scopes?|rate|"
            "errors?|ref|reference|alias|algorithm|class|server|grant|label|env|var|offset|position)$",
            # Errors: a sentence follows `ExpiredToken:`, not a secret.
            "(?:^| )(?:expired|invalid|missing|unexpected|unknown|illegal|unrecognized|wrong|incorrect|unsupported|"
            "duplicate) ",
            # Tokens that are no credentials: positions of a reader, and those of a tokenizer.
            "(?:^| )(?:next|page|continuation|pagination|idempotency|request|sync|cancellation|starting|stop|start|end|eos|"
            "bos|pad|unk|sep|cls|mask|special|input|output|prompt|completion|cached|reasoning|total|max|min|first|last|per|"
            "watermark) ?tokens?$",
        )
    )
)

_HARMLESS = ported(
    r"^(?:(?:(?:bearer|basic|digest|token|negotiate|apikey) )?"
    r"\[(?:email|aws-access-key|jwt|token|password|signature|secret|private-key|masked)\]|null|none|nil|undefined|true|"
    r"false|yes|no|redacted|\*{3,64}|\$\{[\w.:-]{1,64}\}|\$\w{1,64}|\{\{[^{}]{1,64}\}\}|%\(\w{1,64}\)s|"
    r"(?:optional\[)?(?:str|string|int|bytes|bool|boolean|any|object|text|varchar|char)(?:\(\d{1,5}\))?\]?|"
    r"(?:os\.(?:environ|getenv)|process\.env|getpass|(?:self|config|settings|args|dbutils)\.?\w{0,32})[.[(].{0,64}|"
    r"arn:aws[\w-]{0,8}:.{1,80})[)\]}>'`.,;]{0,8}$",
    _I,
)
#: `on t.token = s.token`, `token=token`.
_REFERENCE = ported(
    r"^(?:(?:[a-z_]\w{0,32}\.){1,4}\w{0,16}(?:token|secret|password|passwd|pwd|key)|"
    r"token|secret|password|passwd|pwd|api_key)[),;]{0,4}$",
    _I,
)
#: Numbers that count or tell a place rather than open a door; of counting names, in lists and maps too.
_SMALL_NUMBER = ported(r"^\d{1,4}[)\]}>'`.,;]{0,4}$")
_COUNT = ported(r"^(?=\D{0,64}\d)(?:[[\](){}\s,.;:]|\d{1,9}(?!\d))*$")
#: What a parser calls a token: a word, or signs.
_NO_TOKEN = ported(r"^(?:[A-Za-z<>/]{1,24}|[^A-Za-z0-9]{1,24})[)\]}>'`.,;!]{0,4}$")

#: Keys under which an object says the name of its `value`, and those of that value.
NAMING = ported(r"^(?:name|key|field|param(?:eter)?|parameter_?(?:name|key)|variable|header|property)$", _I)
NAMED = ported(r"^(?:value|val|(?:string|parameter|plain|default)_?value|plain_?text|default|content)$", _I)
#: The keys of `NAMED` as they are written: asked of every key there is.
_VALUE_KEYS = frozenset(
    "value Value VALUE val string_value stringValue StringValue parameter_value parameterValue ParameterValue plain_value "
    "plainValue plain_text plainText plaintext default_value defaultValue default content".split()
)


def secret_kind_of(name: str) -> Optional[SecretKind]:
    """Words decide, not letters: `dbPassword`, `DB_PASSWORD_2` and `db.password` are the same three times, `secretary` is
    none. A last word that says something *about* a secret (`password_length`, `secret_arn`, `token_count`) takes it
    back."""
    if not _STEM.search(name):
        return None
    if _QUERY_SIGNATURE.search(name):
        return "query-signature"
    words = _words_of(name[-MAX_NAME:])
    if _SIGNATURE.search(words):
        return "signature"
    if _NO_SECRET.search(words) or not _SECRET.search(words):
        return None
    if _COUNTING.search(words):
        return "count"
    return "word" if _WORD.search(words) else "secret"


def mark_of(kind: SecretKind, value: str, is_quoted: bool = True) -> Optional[str]:
    """What replaces a value under a name of this kind; None when the value reveals nothing."""
    if value == "" or is_harmless(value):
        return None
    if kind in ("signature", "query-signature"):
        return "[signature]"
    if kind == "secret":
        return "[secret]"
    is_number = (_COUNT if kind == "count" else _SMALL_NUMBER).search(value)
    return None if is_number or (not is_quoted and _NO_TOKEN.search(value)) else "[secret]"


def is_harmless(value: str) -> bool:
    """Values that reveal nothing: our own marks, spellings of no value, types, and where code takes its secret from."""
    if len(value) > 96:
        return False
    return bool(_HARMLESS.search(value) or (_REFERENCE.search(value) and _STEM.search(value)))


def kind_under(
    key: str, under: Optional[SecretKind], named: Callable[[], Optional[SecretKind]]
) -> Optional[SecretKind]:
    """What kind of secret stands under a key: the one that the key lies under itself, the one it names, or the one that
    its object names, as in `{ "name": "DB_PASSWORD", "value": … }`. `named` is asked only where it matters."""
    return under or _field_kind_of(key) or (named() if key in _VALUE_KEYS else None)


def named_in(holder: Dict[str, Any]) -> Optional[SecretKind]:
    """What kind of secret an object says its value to be."""
    for key, name in holder.items():
        kind = _field_kind_of(name) if isinstance(name, str) and NAMING.search(key) else None
        if kind:
            return kind
    return None


def is_telling(text: str) -> bool:
    """Whether there may be a secret's name or a webhook in a text: a cheap first test."""
    return _STEM.search(text) is not None


def _field_kind_of(name: str) -> Optional[SecretKind]:
    """A field is no part of a URL."""
    kind = secret_kind_of(name)
    return None if kind == "query-signature" else kind


_LOWER_UPPER = re.compile(r"([a-z0-9])([A-Z])")
_UPPER_WORD = re.compile(r"([A-Z])([A-Z][a-z])")
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_NUMBERS = ported(r" ?\d{1,4}(?= |$)")


def _words_of(name: str) -> str:
    """The words of a name in lower case, one blank apart, without the numbers that only tell namesakes apart."""
    words = _LOWER_UPPER.sub(r"\1 \2", name)
    words = _UPPER_WORD.sub(r"\1 \2", words).lower()
    return _NUMBERS.sub("", _NO_LETTERS.sub(" ", words)).strip()
