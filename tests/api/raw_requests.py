"""Requests as raw bytes, valid and mutated, that are the same for the same seed."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

WAIT_SECONDS = 0.5
"""How long an answer is waited for: many mutated requests are incomplete, and get none."""

AT_ONCE = 12

ADDRESSES = (
    "/v1/entities?q=ann&limit=3",
    "/v1/entities?type=Person&jurisdiction=HK&cursor=1-aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "/v1/entities/test:ann",
    "/v1/entities/test:ann/links?direction=out&as_of=2014-12-05&limit=5",
    "/v1/entities/test:yacht/owners?least=25&chains=3&seconds=1",
    "/v1/entities/test:ann/holdings?as_of=2014",
    "/v1/paths?from=test:ann&to=test:yacht&format=graphml&depth=4",
    "/v1/clusters?sought=true&limit=3",
    "/v1/clusters/nobody/explanation?stability=false&seconds=1",
    "/v1/persons/test:ann/routes?requesting=CN&as_of=2014-12-05&host=US",
    "/v1/gaps?requesting=CN&limit=10",
    "/v1/portfolio?requesting=CN&limit=2&days=40",
    "/v1/persons/test:ann/freeze-set?requesting=CN&as_of=2014-12-05",
    "/v1/persons/test:ann/dossier?requesting=CN&as_of=2014-12-05&host=US",
    "/v1/jurisdictions?limit=2",
    "/v1/queries/people/family",
    "/v1/ontology",
    "/healthz",
    "/openapi.json",
)

BODIES: tuple[tuple[str, object], ...] = (
    (
        "/v1/paths",
        {"from": "test:ann", "to": "test:yacht", "sample": 0, "avoid": ["x"], "depth": 3, "as_of": "2014-12-05"},
    ),
    ("/v1/search", {"q": "ann", "types": ["Person"], "limit": 3, "cursor": ""}),
    ("/v1/queries/people/family", {"parameters": {"person": "test:ann", "least": 2}, "limit": 5, "seconds": 1.5}),
)

NASTY_VALUES = (
    "9223372036854775808",
    "-9223372036854775809",
    "1" * 400,
    "1" * 5000,
    "1e400",
    "-1e-400",
    "NaN",
    "-Infinity",
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u0000"',
    '"\\u001b[31m"',
    '"\\u202e"',
    '""',
    '"' + "x" * 3000 + '"',
    "[" * 2000,
    "[" * 40 + "]" * 40,
    '{"a":' * 1500,
    '{"\\ud800":1}',
    "null",
    "true",
    "[[]]",
    "{}",
    "'",
)

NASTY_PARTS = (
    b"%00",
    b"%ED%A0%80",
    b"%F4%90%80%80",
    b"%",
    b"%%32%35",
    b"%0d%0aX: y",
    b"%1b[31m",
    b"\x00",
    b"\xff",
    b"\r\n",
    b"\n",
    b"../..",
    b"//",
    b"99999999999999999999",
    b"-1",
    b"&limit=1&limit=2",
    b"?",
    b"#",
    b"@",
    b"kg_" + b"A" * 43,
    b"\xe2\x80\xae",
)

NASTY_HEADERS = (
    b"Host: evil.example\r\n",
    b"Host: evil@127.0.0.1\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: 99999999999999999999999\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 3, 4\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Transfer-Encoding : chunked\r\n",
    b"Authorization: Bearer \xff\xfe\r\n",
    b"Kg-Case: \xed\xa0\x80\x9b31m\r\n",
    b"Kg-Purpose: " + b"p" * 400 + b"\r\n",
    b"X-Request-ID: \xff" + b"a" * 20 + b"\r\n",
    b"If-None-Match: \xff, *\r\n",
    b"Accept-Encoding: \xff\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: close, Upgrade\r\nUpgrade: websocket\r\n",
    b"Content-Type: application/json; charset=utf-16\r\n",
    b"X: " + b"y" * 20_000 + b"\r\n",
    b" folded: x\r\n",
    b"no colon\r\n",
)


@dataclass(frozen=True)
class RawReply:
    """What came back for some bytes; nothing if they were no complete request."""

    sent: bytes
    received: bytes

    @property
    def status(self) -> int:
        """The status of the first answer that is no interim one; 0 without one."""
        rest = self.received
        while rest.startswith(b"HTTP/1.1 100"):
            rest = rest.partition(b"\r\n\r\n")[2]
        return int(rest[9:12]) if rest.startswith(b"HTTP/1.1 ") else 0


def mutated_requests(count: int, seed: int) -> Iterator[bytes]:
    """So many requests: most are damaged, some are not."""
    chance = random.Random(seed)  # reproducible on purpose
    for _ in range(count):
        yield _one(chance)


async def ask_all(port: int, requests: Sequence[bytes]) -> list[RawReply]:
    """Send each over a connection of its own, several at the same time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def ask(sent: bytes) -> RawReply:
        async with free:
            return RawReply(sent, await _ask(port, sent))

    return await asyncio.gather(*map(ask, requests))


async def _ask(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    try:
        writer.write(sent)
        while not _is_complete(received):
            async with asyncio.timeout(30 if received else WAIT_SECONDS):
                part = await reader.read(65_536)
            if not part:
                break
            received += part
    except (TimeoutError, ConnectionError):
        pass  # an incomplete request, or one that was refused before all of it was read
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    return received


def _is_complete(received: bytes) -> bool:
    head, found, body = received.partition(b"\r\n\r\n")
    if not found or head.startswith(b"HTTP/1.1 100"):
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.partition(b":")[2])
    return b"transfer-encoding" not in head.lower() or body.endswith(b"0\r\n\r\n")


def _one(chance: random.Random) -> bytes:
    if chance.random() < 0.45:
        address, data = chance.choice(BODIES)
        body = _mutate_json(chance, json.dumps(data)).encode()
        request = _post(address, body)
        return _mutate_bytes(chance, request) if chance.random() < 0.2 else request
    if chance.random() < 0.2:
        address, data = chance.choice(BODIES)
        return _mutate_bytes(chance, _post(address, json.dumps(data).encode()))
    request = f"GET {chance.choice(ADDRESSES)} HTTP/1.1\r\nHost: 127.0.0.1\r\nKg-Case: 2026/17\r\n\r\n".encode()
    return _mutate_bytes(chance, request)


def _post(address: str, body: bytes) -> bytes:
    head = f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _mutate_json(chance: random.Random, text: str) -> str:
    """Replace values, or put them in, and sometimes damage the text."""
    for _ in range(chance.randint(1, 3)):
        places = [place for place, letter in enumerate(text) if letter in ":[,"]
        if not places:
            return text
        start = chance.choice(places) + 1
        rest = text[start:]
        end = next((place for place, letter in enumerate(rest) if letter in ",]}"), len(rest))
        text = text[:start] + chance.choice(NASTY_VALUES) + rest[end if chance.random() < 0.8 else 0 :]
    return text


def _mutate_bytes(chance: random.Random, request: bytes) -> bytes:
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        place, kind = chance.randrange(len(request) + 1), chance.randrange(8)
        if kind == 0 and request:
            place = min(place, len(request) - 1)
            request = request[:place] + bytes([request[place] ^ (1 << chance.randrange(8))]) + request[place + 1 :]
        elif kind == 1:
            request = request[:place] + request[place + chance.randint(1, 8) :]
        elif kind == 2:
            request = request[:place] + request[max(0, place - chance.randint(1, 30)) :]
        elif kind == 3:
            request = request[:place] + chance.randbytes(chance.randint(1, 6)) + request[place:]
        elif kind in (4, 5):
            line = request.find(b"\r\n") + 2
            request = request[:line] + chance.choice(NASTY_HEADERS) + request[line:]
        else:
            target = chance.randrange(4, max(5, request.find(b" HTTP")))
            request = request[:target] + chance.choice(NASTY_PARTS) + request[target:]
    return request
