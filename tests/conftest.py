"""What all tests share: Ctrl-C as Python has it, and real browsers, where there are any."""

import gc
import os
import shutil
import signal
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import settings

from tests.axe import Axe, fetched_axe
from tests.firefox import FIREFOX, Firefox, running

settings.register_profile("shared machines", deadline=None)
settings.load_profile("shared machines")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"browser", "firefox"} & {*getattr(item, "fixturenames", ())}:
            item.add_marker("browser")


@pytest.fixture(scope="module", autouse=True)
def few_objects() -> None:
    """Spare the garbage collector what is alive: thousands of tests, and what they have loaded."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def ctrl_c_as_python_has_it() -> Iterator[None]:
    """Whatever runs the tests may ignore Ctrl-C, as a shell makes programs in the background do."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def no_callbacks_of_the_collector() -> Iterator[None]:
    """Take Hypothesis's callback away: what a student's engine runs into must not reach it."""
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = callbacks


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium, headless; skips without one unless REQUIRE_BROWSER is set."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _needed("playwright")
    if not CHROMIUM:
        _needed("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """The system's Firefox, headless; skips without one unless REQUIRE_BROWSER is set."""
    if not FIREFOX:
        _needed("firefox-esr")
    if not find_spec("websockets"):
        _needed("websockets")
    with running(tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Axe:
    """axe-core from npm; skips without it unless REQUIRE_BROWSER is set."""
    return fetched_axe(tmp_path_factory.mktemp("axe"))


def _needed(what: str) -> None:
    assert "REQUIRE_BROWSER" not in os.environ, f"{what} is missing"
    pytest.skip(f"page tests need {what}: pip install -e '.[browser]', Chromium and Firefox")
