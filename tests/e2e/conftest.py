"""One bot for all the tests of a module that need no other; each has residents of its own language."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.process import Municipality, municipality


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, instant: None) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("town")) as started:
        yield started
