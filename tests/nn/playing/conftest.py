"""Playgrounds, and a window to open them in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nn
from nn import MLP, playground
from tests.drawn import HOSTILE
from tests.nn.playing.played import ADAM, CLASSES, LINE, POINTS, Played


@pytest.fixture
def played(browser: Any) -> Iterator[Played]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    opened = Played(context.new_page())
    yield opened
    assert opened.complaints == []
    context.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {name: folder / f"{name}.html" for name in ("moons", "line", "three", "labels")}
    models = {"4": MLP(2, [4, 1]), "no hidden layer": MLP(2, [1]), "8-8": MLP(2, [8, 8, 1])}
    playground(models, POINTS, CLASSES, found["moons"], loss=nn.hinge_loss, validation=0.2,
               optimizer=ADAM, batch_size=8)  # fmt: skip
    playground(MLP(1, [1]), *LINE, found["line"], loss=nn.mse_loss)
    classes = [k % 3 for k in range(len(POINTS))]
    playground(MLP(2, [3]), POINTS, classes, found["three"], loss=nn.cross_entropy)
    hostile = {name: MLP(2, [1]) for name in HOSTILE}
    playground(hostile, POINTS, CLASSES, found["labels"], loss=nn.hinge_loss)
    return found
