"""How long do many clients wait for answers at a given request rate?

Run by `python -m bench.service`: python -m bench.clients PORT FILE CLIENTS RATE SECONDS
FILE has a request a line, as JSON: [method, address, body or null]. Each client asks over one connection. Requests are
due at even intervals, however long answers take, and a wait is counted from then: a service that falls behind shows it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

Request = tuple[str, str, object]


class Client:
    """One connection that asks one thing after the other."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def ask(self, request: Request) -> int:
        """The status of an answer that was read to its end."""
        method, address, body = request
        sent = b"" if body is None else json.dumps(body).encode()
        kind = f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n" if sent else ""
        self._writer.write(f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n{kind}\r\n".encode() + sent)
        head = await self._reader.readuntil(b"\r\n\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        await self._reader.readexactly(int(headers.get(b"content-length", b"0")))
        return int(head[9:12])

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def drive(port: int, requests: list[Request], clients: int, rate: float, seconds: float) -> dict[str, object]:
    """Ask at a rate for some seconds; returns the waits in milliseconds, sorted, and how many requests failed."""
    waits: list[float] = []
    failed = 0
    begin, total = time.perf_counter() + 0.2, int(rate * seconds)
    numbers = iter(range(total))

    async def work() -> None:
        nonlocal failed
        client = Client(port)
        await client.open()
        for number in numbers:
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            status = await client.ask(requests[number % len(requests)])
            waits.append(1000 * (time.perf_counter() - due))
            failed += status >= 400
        client.close()

    await asyncio.gather(*(work() for _ in range(clients)))
    return {"seconds": time.perf_counter() - begin, "asked": total, "failed": failed, "waits": sorted(waits)}


def main(port: str, file: str, clients: str, rate: str, seconds: str) -> None:
    """Print the figures as JSON."""
    requests = [json.loads(line) for line in Path(file).read_text().splitlines()]
    print(json.dumps(asyncio.run(drive(int(port), requests, int(clients), float(rate), float(seconds)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
