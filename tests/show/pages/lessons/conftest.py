"""What the tests of lessons share."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.show.pages.lessons.reader import Reader


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(4000)  # milliseconds
    shown = Reader(context.new_page())
    yield shown
    assert shown.complaints == []
    assert all(url.startswith("file:") for url in shown.requests)
    context.close()
