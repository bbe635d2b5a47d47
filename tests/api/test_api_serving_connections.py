"""HTTP/1.1 connections, by our class and by Hypercorn's own: the same to every client."""

import asyncio
from typing import Any

import pytest
from connections import CLOSE, GET, HOST, POST, Talk, body_of, link, said
from hypercorn.asyncio import run as hypercorn_run
from hypercorn.asyncio.tcp_server import TCPServer

from cordee_server.http import connection, fast


async def test_a_request_is_answered_and_the_connection_stays(port: int) -> None:
    async with link(port) as (reader, writer):
        for number in (b"1", b"2"):
            writer.write(b"GET /echo?%b HTTP/1.1\r\n" % number + HOST + b"\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ")
            assert b"connection" not in head.lower()
            assert head.lower().count(b"\r\ndate: ") == 1
            assert await reader.readexactly(4) == b"<" + number + b"|>"


async def test_pipelined_requests_are_answered_in_order(port: int, talk: Talk) -> None:
    async with link(port) as (reader, writer):
        slow = b"POST /slow?a HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\none"
        quick = b"".join(b"GET /echo?%d HTTP/1.1\r\n" % n + HOST + b"\r\n" for n in range(40))
        writer.write(slow + quick)
        await asyncio.sleep(0.05)
        assert talk.seen == []
        talk.go.set()
        for wanted in (b"<a|one>", *(b"<%d|>" % n for n in range(40))):
            async with asyncio.timeout(5):
                await reader.readuntil(b"\r\n\r\n")
                assert await reader.readexactly(len(wanted)) == wanted


async def test_a_body_may_come_in_chunks_and_in_pieces(port: int) -> None:
    async with link(port) as (reader, writer):
        sent = (
            POST
            + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\nT: v\r\n\r\n"
        )
        for place in range(0, len(sent), 7):
            writer.write(sent[place : place + 7])
            await writer.drain()
            await asyncio.sleep(0)
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(11) == b"<|abcdefgh>"


@pytest.mark.parametrize("size", [100_000, 3 << 20])
async def test_a_large_body_comes_whole(port: int, talk: Talk, size: int) -> None:
    sent = POST + CLOSE + b"Content-Length: %d\r\n\r\n" % size + b"x" * size
    assert len(body_of(await said(port, sent))) == size + 3
    assert len(talk.seen[0][2]) == size


async def test_a_response_without_a_length_is_chunked(port: int) -> None:
    whole = await said(port, b"GET /parts HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    assert b"transfer-encoding: chunked" in whole.lower()
    assert body_of(whole) == b"4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n"


async def test_a_client_of_http_1_0_gets_it_plain_and_closed(port: int) -> None:
    whole = await said(port, b"GET /parts HTTP/1.0\r\nHost: test\r\n\r\n")
    assert b"chunked" not in whole.lower()
    assert body_of(whole) == b"one two"


async def test_head_and_204_have_no_body(port: int) -> None:
    head = await said(port, b"HEAD /echo HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    assert b"content-length: 3" in head.lower()
    assert body_of(head) == b""
    empty = await said(port, b"GET /empty HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    assert empty.startswith(b"HTTP/1.1 204 ")
    assert body_of(empty) == b""


async def test_who_expects_to_be_told_to_go_on_is_told(port: int) -> None:
    async with link(port) as (reader, writer):
        writer.write(POST + CLOSE + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        async with asyncio.timeout(5):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
            writer.write(b"ok")
            assert body_of(await reader.read()) == b"<|ok>"


@pytest.mark.parametrize("parser", ["fast"], indirect=True)
async def test_a_head_that_is_too_large_is_refused(port: int) -> None:
    large = GET + b"".join(b"X-%d: %b\r\n" % (n, b"y" * 1000) for n in range(80)) + b"\r\n"
    assert (await said(port, large)).startswith(b"HTTP/1.1 431 ")


async def test_requests_before_a_malformed_one_are_answered(port: int) -> None:
    whole = await said(port, GET + b"\r\n" + b"nonsense\r\n\r\n")
    assert whole.startswith(b"HTTP/1.1 200 ")
    assert b"<|>" in whole
    assert b"HTTP/1.1 400 " in whole


async def test_a_fault_is_500_and_says_nothing(port: int) -> None:
    for path in (b"/fails", b"/injects"):
        whole = await said(port, b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
        assert whole.startswith(b"HTTP/1.1 500 ")
        assert b"secret" not in whole
        assert b"set-cookie" not in whole.lower()


async def test_a_body_of_another_length_than_told_ends_the_connection(port: int) -> None:
    sent = b"GET /short HTTP/1.1\r\n" + HOST + b"\r\n"
    try:
        whole = await said(port, sent + sent)
    except ConnectionResetError:
        return
    assert whole.count(b"HTTP/1.1 200") <= 1


async def test_a_client_that_goes_is_noticed(port: int, talk: Talk) -> None:
    async with link(port) as (_, writer):
        writer.write(b"GET /waits HTTP/1.1\r\n" + HOST + b"\r\n")
        await asyncio.sleep(0.05)
    async with link(port) as (_, writer):
        writer.write(POST + b"Content-Length: 50\r\n\r\nhalf")
        await asyncio.sleep(0.05)
    for _ in range(500):
        if talk.left == 2:
            break
        await asyncio.sleep(0.01)
    assert talk.left == 2


async def test_a_client_that_does_not_read_holds_up_who_writes(port: int, talk: Talk) -> None:
    async with link(port) as (reader, writer):
        writer.write(b"GET /flood HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
        before = -1
        while talk.sent != before:
            before = talk.sent
            await asyncio.sleep(0.3)
        assert talk.sent < 40 << 20
        async with asyncio.timeout(30):
            while await reader.read(1 << 20):
                pass
    assert talk.sent == 2000 * 32768


async def _send(writer: asyncio.StreamWriter, times: int) -> None:
    for _ in range(times):
        writer.write(b"x" * 100_000)
        await writer.drain()


async def test_a_body_that_nobody_takes_is_not_read(port: int, talk: Talk) -> None:
    async with link(port) as (_, writer):
        writer.write(b"POST /slow HTTP/1.1\r\n" + HOST + b"Content-Length: 90000000\r\n\r\n")
        sending = asyncio.create_task(_send(writer, 900))
        assert await asyncio.wait({sending}, timeout=1) == (set(), {sending})
        sending.cancel()
        writer.transport.abort()
        talk.go.set()


async def test_a_refusal_before_the_body_closes_the_connection(port: int) -> None:
    async with link(port) as (reader, writer):
        writer.write(b"POST /refuses HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\nx")
        async with asyncio.timeout(5):
            whole = await reader.read()
    assert whole.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("parser", ["fast"], indirect=True)
@pytest.mark.parametrize("begin", [b"", b"GET /ec", GET, GET + b"\r\n"])
async def test_a_client_that_is_silent_is_let_go(
    monkeypatch: pytest.MonkeyPatch, parser: str, talk: Talk, serving: Any, begin: bytes
) -> None:
    monkeypatch.setattr(connection, "_TICK", 0.05)
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr("hypercorn.config.Config.keep_alive_timeout", 0.2)
    async with serving(talk) as address:
        whole = await said(int(address.rpartition(":")[2]), begin)
    assert whole.startswith(b"HTTP/1.1 200") == begin.endswith(b"\r\n\r\n")


async def test_http_2_is_still_spoken(port: int) -> None:
    async with link(port) as (reader, writer):
        writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        async with asyncio.timeout(5):
            assert (await reader.readexactly(9))[3] == 4  # a SETTINGS frame
    async with link(port) as (reader, writer):
        upgrade = (
            b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
        )
        writer.write(GET + b"\r\n" + GET + upgrade + b"\r\n")
        async with asyncio.timeout(5):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            assert await reader.readexactly(3) == b"<|>"
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")


def test_where_hypercorn_has_no_such_class_its_own_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(hypercorn_run.__dict__, "TCPServer")
    fast.choose("fast")
    assert "TCPServer" not in hypercorn_run.__dict__
    monkeypatch.undo()
    fast.choose("stock")
    assert hypercorn_run.__dict__["TCPServer"] is TCPServer
