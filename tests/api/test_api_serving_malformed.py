"""Requests that are none, or that two servers could read in two ways: refused by both classes."""

import pytest
from connections import GET, HOST, POST, Talk, said

TWICE = [
    b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"Content-Length: 5, 6\r\n\r\nhello!",
    b"Content-Length: +5\r\n\r\nhello",
    b"Content-Length: -5\r\n\r\nhello",
    b"Content-Length: 0x5\r\n\r\nhello",
    b"Content-Length: 5 5\r\n\r\nhello",
    b"Content-Length: \r\n\r\n",
    b"Content-Length : 5\r\n\r\nhello",
    b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: identity, chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
    b"X: a\0b\r\n\r\n",
    b"Host: other\r\n\r\n",
    b"A B: c\r\n\r\n",
    b": c\r\n\r\n",
]


@pytest.mark.parametrize("rest", TWICE)
async def test_what_could_be_read_in_two_ways_is_refused(
    port: int, talk: Talk, rest: bytes
) -> None:
    smuggled = b"GET /echo?smuggled HTTP/1.1\r\n" + HOST + b"\r\n"
    whole = await said(port, POST + rest + smuggled)
    assert [line[9:12] for line in whole.split(b"HTTP/1.1")[1:2]] or whole == b""
    assert b"200" not in whole.partition(b"\r\n")[0]
    assert b"smuggled" not in whole
    assert all("smuggled" not in query for _, query, _ in talk.seen)


MALFORMED = [
    b"nonsense\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /echo\r\n\r\n",
    b"GET /echo HTTP/1.1\r\n\r\n",
    b"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / echo HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


@pytest.mark.parametrize("sent", MALFORMED)
async def test_what_is_no_request_is_400(port: int, talk: Talk, sent: bytes) -> None:
    assert (await said(port, sent + b"\r\n\r\n")).startswith(b"HTTP/1.1 400 ")
    assert talk.seen == []


@pytest.mark.parametrize("parser", ["fast"], indirect=True)
@pytest.mark.parametrize(
    "sent",
    [POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
     b"POST /echo HTTP/1.1\r\nHost: a\r\n Content-Length: 5\r\n\r\nhello",
     b"GET /echo HTTP/3.1\r\nHost: a\r\n\r\n", GET + b"X: \x01\r\n\r\n",
     b"GET /echo HTTP/1.1\nHost: a\n\n", b"GET /echo HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
     b"GET /echo HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
     b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"],
)  # fmt: skip
async def test_our_class_refuses_what_hypercorns_mends(port: int, talk: Talk, sent: bytes) -> None:
    assert (await said(port, sent)).startswith(b"HTTP/1.1 400 ")
    assert talk.seen == []


@pytest.mark.parametrize("parser", ["fast"], indirect=True)
async def test_a_chunk_without_end_is_refused(port: int, talk: Talk) -> None:
    chunk = b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 18 + b"\r\nhello\r\n"
    assert (await said(port, POST + chunk)).startswith(b"HTTP/1.1 400 ")
    assert all(body == b"" for _, _, body in talk.seen)
