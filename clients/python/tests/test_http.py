from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest
import trustme
from a_server import Answer, a_server
from runledger import HttpTransport, TransportError

OK: Answer = (200, {}, b'{"received":1,"accepted":1,"rejected":0}')


def a_transport(url: str, **options: Any) -> HttpTransport:
    return HttpTransport(url, sleep=lambda seconds: None, **options)


def refusal(transport: HttpTransport) -> TransportError:
    with pytest.raises(TransportError) as raised:
        transport.send([b"{}\n"], 20)
    return raised.value


def test_events_are_posted_as_ndjson_with_the_token() -> None:
    with a_server(lambda _: OK) as server:
        assert a_transport(f"{server.url}/base/", token="abc").send([b"1\n", b"2\n"], 20) == 0

        (request,) = server.requests
        assert (request.path, request.body) == ("/base/events", b"1\n2\n")
        assert request.headers["Content-Type"] == "application/x-ndjson"
        assert request.headers["Authorization"] == "Bearer abc"


@pytest.mark.parametrize("status", [401, 403, 407, 408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with a_server(lambda number: OK if number == 2 else (status, {}, b"")) as server:
        a_transport(server.url).send([b"{}\n"], 20)

        assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 404, 415])
def test_what_will_not_pass_is_final_and_said(status: int) -> None:
    page = b"<html>token=abcdefgh12345 no</html>"
    with a_server(lambda _: (status, {"Content-Type": "text/html"}, page)) as server:
        error = refusal(a_transport(server.url))

        assert len(server.requests) == 1
        assert error.retryable is False
        assert f"to answer 200, got {status}: <html>token=[secret]" in str(error)


def test_all_rejected_is_arrived() -> None:
    with a_server(lambda _: (422, {}, b'{"received":3,"accepted":0,"rejected":3}')) as server:
        assert a_transport(server.url).send([b"{}\n"], 20) == 3


def test_an_answer_that_is_no_json_is_a_success_all_the_same() -> None:
    with a_server(lambda _: (200, {}, b"ok")) as server:
        assert a_transport(server.url).send([b"{}\n"], 20) is None


def test_a_page_is_no_answer_of_a_ledger_and_may_pass() -> None:
    with a_server(lambda _: (200, {"Content-Type": "text/html"}, b"\n<!doctype html><title>Log in</title>")) as server:
        error = refusal(a_transport(server.url, tries=1))

    assert error.retryable is True
    assert "Expected the answer of a ledger" in str(error) and "Log in" in str(error)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_says_where_to(status: int) -> None:
    with a_server(lambda _: OK) as elsewhere:
        place = {"Location": f"{elsewhere.url}/login"}
        with a_server(lambda _: (status, place, b"")) as server:
            error = refusal(a_transport(server.url, token="abc", tries=1))

        assert elsewhere.requests == []
    assert error.retryable is True
    assert f"got {status} to {elsewhere.url}/login; write its address into RUNLEDGER_URL" in str(error)


def test_what_is_too_large_for_the_ledger_is_sent_in_halves_from_then_on() -> None:
    def answer(number: int) -> Answer:
        size = len(server.requests[number - 1].body)
        return (413, {}, b"too large") if size > 1_000 else (200, {}, b'{"rejected":1}')

    records = [b"".join(b'{"n":%d}\n' % number for number in range(100, 300)) for _ in range(2)]
    with a_server(answer) as server:
        transport = a_transport(server.url)
        rejected = transport.send(records, 20)
        taken = [request.body for request in server.requests if len(request.body) <= 1_000]
        assert b"".join(taken) == b"".join(records)
        assert all(body.endswith(b"\n") for body in taken)
        assert rejected == len(taken)

        before = len(server.requests)
        transport.send(records, 20)
        assert len(server.requests) - before == len(taken)


def test_one_event_that_is_too_large_for_the_ledger_is_final() -> None:
    with a_server(lambda _: (413, {}, b"")) as server:
        error = refusal(a_transport(server.url))

        assert (len(server.requests), error.retryable) == (1, False)


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_server(lambda _: OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        a_transport("http://ledger.invalid:4319").send([b"{}\n"], 20)

        assert proxy.requests[0].path == "http://ledger.invalid:4319/events"


def test_a_certificate_that_nobody_trusts_is_said_and_may_pass() -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with a_server(lambda _: OK, tls) as server:
        error = refusal(a_transport(server.url, tries=1))

    assert error.retryable is True
    assert "CERTIFICATE_VERIFY_FAILED" in str(error)


def test_a_certificate_of_an_authority_of_the_environment_is_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with a_server(lambda _: OK, tls) as server:
        assert a_transport(server.url).send([b"{}\n"], 20) == 0


@pytest.mark.parametrize(
    "header, seconds",
    [("120", 120.0), ("Tue, 03 Nov 2026 12:00:30 GMT", 30.0), ("soon", 0.0), (None, 0.0)],
)
def test_a_long_retry_after_is_left_to_the_delivery(header: Optional[str], seconds: float) -> None:
    from vectors import FakeRuntime

    headers: Dict[str, str] = {} if header is None else {"Retry-After": header}
    with a_server(lambda _: (503, headers, b"")) as server:
        error = refusal(a_transport(server.url, runtime=FakeRuntime()))

        assert error.retry_after_s == pytest.approx(seconds)
        assert len(server.requests) == (2 if seconds == 0 else 1)


def test_nobody_there_may_pass() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refusal(a_transport(f"http://127.0.0.1:{port}"))

    assert error.retryable is True
    assert "refused" in str(error)


def test_an_answer_that_never_comes_may_pass() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = refusal(a_transport(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.1, tries=1))

    assert error.retryable is True
    assert "timed out" in str(error)


@pytest.mark.parametrize("content", [b"no http at all\r\n\r\n", b""])
def test_what_speaks_no_http_may_pass(content: bytes) -> None:
    with a_server(lambda _: (0, {}, content)) as server:
        assert refusal(a_transport(server.url)).retryable is True


def test_a_server_without_tls_is_said_and_may_pass() -> None:
    with a_server(lambda _: OK) as server:
        error = refusal(a_transport(server.url.replace("http:", "https:"), tries=1))

    assert error.retryable is True
    assert "SSL" in str(error)


BAD: List[Any] = ["", "ledger", "ftp://host", "http://user:s3cr3tpass@host", "http://", "http://host:port", None, 5]


@pytest.mark.parametrize("url", BAD)
def test_an_address_that_is_none_is_refused(url: Any) -> None:
    with pytest.raises(TypeError, match="`url`: expected an http or https address") as raised:
        HttpTransport(url)
    assert ":s3cr3tpass@" not in str(raised.value)


@pytest.mark.parametrize("options", [{"token": "a b"}, {"token": ""}, {"timeout_s": 0}, {"tries": 0}])
def test_wrong_options_are_refused_without_showing_the_token(options: Dict[str, Any]) -> None:
    with pytest.raises(TypeError) as raised:
        HttpTransport("http://host", **options)
    assert "a b" not in str(raised.value)
