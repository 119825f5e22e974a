"""Do short questions go one after the other, and does a long one hold nobody up?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from kg_api.middleware.concurrency import ConcurrencyLimit

Question = Callable[[], Awaitable[None]]


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _into_nowhere(_: Message) -> None:
    return


async def _asked(questions: list[Question], at_once: int) -> None:
    async def app(scope: Scope, _: Receive, __: Send) -> None:
        await scope["question"]()

    turns = ConcurrencyLimit(app, at_once)
    asked = [
        turns({"type": "http", "path": "/v1/paths", "question": one}, _nothing, _into_nowhere) for one in questions
    ]
    async with asyncio.timeout(20):
        await asyncio.gather(*asked)


def test_no_more_short_questions_run_at_once_than_are_let() -> None:
    running, most = 0, 0

    async def short() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    asyncio.run(_asked([short] * 10, at_once=2))
    assert most == 2


def test_a_long_question_makes_room_and_ends_when_it_ends() -> None:
    told: list[str] = []

    async def run() -> None:
        answered = asyncio.Event()

        async def long() -> None:
            await answered.wait()  # for ever, if the short one had to wait for it
            told.append("long")

        async def short() -> None:
            told.append("short")
            answered.set()

        await _asked([long, short, short], at_once=1)

    asyncio.run(run())
    assert told[0] == "short" and sorted(told) == ["long", "short", "short"]


def test_a_question_that_fails_leaves_its_turn() -> None:
    told: list[str] = []

    async def run() -> None:
        async def fails() -> None:
            raise ValueError("as it happens")

        async def short() -> None:
            told.append("short")

        try:
            await _asked([fails, short, short], at_once=1)
        except ValueError:
            await asyncio.sleep(0.01)

    asyncio.run(run())
    assert told == ["short", "short"]


def test_how_the_service_does_is_told_while_a_question_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg_api.middleware.concurrency.SHORT_SECONDS", 3600.0)  # no question makes room by itself
    told: list[str] = []

    async def run() -> None:
        answered = asyncio.Event()

        async def app(scope: Scope, _: Receive, __: Send) -> None:
            if scope["path"] == "/healthz":
                answered.set()
            else:
                await answered.wait()
            told.append(scope["path"])

        turns = ConcurrencyLimit(app, 1)
        asked = [turns({"type": "http", "path": path}, _nothing, _into_nowhere) for path in ("/v1/paths", "/healthz")]
        async with asyncio.timeout(20):
            await asyncio.gather(*asked)

    asyncio.run(run())
    assert told == ["/healthz", "/v1/paths"]
