"""playground: one page in which a model trains, and can be touched while it does."""

import html
import json
import os
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from autograd.numeric import saturated
from autograd.show.pages import UnsavedPage, page, part
from autograd.show.pages.graph import packed_graphviz
from autograd.wording import Text, phrase, printable, word
from nn.checks import as_random, checked_count
from nn.module import Module
from nn.optim import SGD, Optimizer
from nn.playing.formulas import formula, offered
from nn.playing.programs import Playable, playable, script_of
from nn.playing.row_pages import RowPage, row_page
from nn.playing.still import still
from nn.playing.task import Task, checked_rows, task_of
from nn.training import Compiled, Loss, NoOneRowError, Settings, divided

RATE = 0.1  # of the optimizer where none is given
RATES = {"SGD": 0.1, "SGD, momentum 0.9": 0.03, "Adam": 0.01}  # of those that the page offers
SCRIPTS = (
    "random.js", "trainer.js", "looks.js", "data.js", "points.js", "network.js", "charts.js",
    "choices.js", "row.js", "play.js",
)  # fmt: skip
PAGE_WORDS = (
    "model", "theme", "controls", "play", "one step", "one epoch", "reset", "reset explained",
    "optimizer", "learning rate", "batch size", "weight decay", "speed", "data and model",
    "data keys", "tool", "tool move", "tool add", "tool remove", "tool flip", "tool open",
    "new points", "noise", "give back", "network", "network keys", "close", "positive", "negative",
    "loss and gradients", "loss", "held out", "right share", "losses", "gradient by layer",
    "back to training", "noscript playground",
)  # fmt: skip
SCRIPT_WORDS = (
    "play", "pause", "no data", "at start", "all rows", "step a frame", "full speed", "given back",
    "click to add one", "added", "removed", "picked up", "put down", "filled points",
    "hollow points", "inputs", "bias", "other weights", "features", "no row page",
    "steps a frame", "steps counted", "pace", "steps and epochs", "model shape", "input named",
    "output named", "flipped", "row opened", "near point", "went bad", "bad gradient",
    "bad weight", "large weight", "go back", "go to best",
)  # fmt: skip
Pair = tuple[Iterable[Any], Iterable[Any]]
Makes = Callable[..., Optimizer]  # of a list of parameters


def playground(
    model: Module | Mapping[str, Module],
    rows: Iterable[Any],
    targets: Iterable[Any],
    path: str | os.PathLike[str] | None = None,
    *,
    loss: Loss,
    optimizer: Optimizer | Makes | None = None,
    batch_size: int | None = None,
    validation: float | Pair = 0.0,
    rng: int | random.Random = 0,
    inline: bool = True,
) -> Text | UnsavedPage:
    """Write a page in which ``model`` trains on ``rows`` and ``targets``, in any browser.

        nn.playground(nn.MLP(2, [8, 1], "tanh"), points, classes, "moons.html",
                      loss=nn.hinge_loss, optimizer=nn.Adam)

    One HTML file that needs no network: the data with the boundary of the classes (two inputs, up
    to 10 classes) or the curve (one input), the loss, the network with its weights and what each
    neuron does, the size of the gradient in each layer. Points can be moved, added and removed,
    settings changed, a weight edited. It is the model itself, compiled, that trains there, by the
    formula of the optimizer: from the same start ``fit`` finds the same losses. A row can be opened
    as a lesson on its graph with the weights of now. For that the file has Graphviz in it, 0.5 MB,
    and each model adds 50 kB and more.

    - ``model`` is a Module, or several by name, to choose from in the page. Each has a fixed graph
      of a row, of one input or two.
    - ``loss``, ``validation`` and ``rng`` mean what they mean to ``fit``. ``batch_size`` is that of
      ``fit`` too; by default it is all rows.
    - ``optimizer`` is one for the model's parameters, or what makes one of a list of parameters,
      such as ``nn.Adam`` or ``functools.partial(nn.SGD, lr=0.3)``, which several models need. It
      starts without memory. By default it is SGD with lr=0.1.

    Without ``path`` the page is returned, and a notebook shows it; with ``inline=False`` as a link
    to a file in the working folder.

    Raises ValueError for another suffix than .html, for no rows, unequal lengths, NaN and infinity
    in the data, more than two inputs or ten classes, and, naming it, for what has no fixed graph of
    a row, such as Dropout and BatchNorm; TypeError for arguments of another kind; OSError where the
    file cannot be written.
    """
    if path is not None and not os.fspath(path).lower().endswith((".html", ".htm")):
        raise ValueError(f"{os.fspath(path)!r}: a playground is saved as .html")
    if batch_size is not None:
        checked_count("batch_size", batch_size)
    models = dict(model) if isinstance(model, Mapping) else {"": model}
    if not models:
        raise ValueError("there is no model: give one, or several by name")
    data = _Data(rows, targets, validation, rng)
    written = _Page(data, loss, batch_size)
    for name, one in models.items():
        written.add(str(name), one, _made(optimizer, one, several=len(models) > 1))
    kind = word("playground")
    made = UnsavedPage(
        written.html(Path(path).stem.replace("_", " ") if path is not None else kind),
        kind,
        name=kind,
        saved=lambda path: word("wrote playground", path=path),
        inline=inline,
    )
    return made if path is None else made.save(path)


class _Data:
    """The rows and targets, which of them are held out, and the generator that shuffles them."""

    def __init__(
        self, rows: Any, targets: Any, validation: float | Pair, rng: int | random.Random
    ) -> None:
        generator = as_random(rng)
        self.data, self.order, self.held_out = divided(rows, targets, validation, generator)
        n = self.data.n_given
        checked_rows("rows", self.data.rows[:n], self.data.targets[:n])
        if self.data.rows[n:]:
            checked_rows("validation[0]", self.data.rows[n:], self.data.targets[n:])
        _, (*state, index), _ = generator.getstate()
        self.random = {"state": state, "index": index}


def _made(optimizer: Optimizer | Makes | None, model: Any, *, several: bool) -> Any:
    """Return the optimizer for a model."""
    if not isinstance(model, Module):
        return optimizer  # the settings say what is wrong
    if optimizer is None:
        return SGD(model.parameters(), lr=RATE)
    if isinstance(optimizer, Optimizer):
        if several:
            raise ValueError(
                f"optimizer = {type(optimizer).__name__}(…) moves the parameters of one model: for "
                "several, give what makes one of a list of parameters, such as nn.Adam or "
                "functools.partial(nn.SGD, lr=0.3)"
            )
        return optimizer
    return optimizer(model.parameters()) if callable(optimizer) else optimizer


class _Page:
    """The models of a page, compiled, and what its script has to know about them."""

    def __init__(self, data: _Data, loss: Loss, batch_size: int | None) -> None:
        self.data, self.loss, self.batch_size = data, loss, batch_size
        self.models: dict[str, Playable] = {}
        self.row_pages: dict[str, RowPage | None] = {}
        self.optimizers: dict[str, Optimizer] = {}
        self.task = Task([], None)
        self.points: list[list[float]] = []
        self.n_inputs = 0
        self.still = ""

    def add(self, name: str, model: Module, optimizer: Any) -> None:
        """Compile a model; raises ValueError, naming what has no fixed graph."""
        settings = Settings(
            model=model, loss=self.loss, optimizer=optimizer,
            batch_size=self.batch_size or len(self.data.order), metrics={}, schedule=None,
            early_stopping=None, clip_norm=None, clip_value=None, backend="python",
        )  # fmt: skip
        of_data = self.data
        try:
            compiled = Compiled(settings, of_data.data, of_data.order, of_data.held_out)
        except NoOneRowError as error:
            which = f"the model {name!r}" if name else "this model"
            raise ValueError(f"a playground cannot train {which}: {error.why}") from error
        made = playable(model, optimizer, compiled)
        self.n_inputs = compiled.graph.n_of_row
        self.points = [[saturated(n) for n in row] for row in compiled.rows.numbers()]
        targets = [row[self.n_inputs :] for row in self.points]
        task = task_of(self.loss, self.n_inputs, made.n_outputs, targets)
        if self.models and task != self.task:
            first = next(iter(self.models.values()))
            raise ValueError(
                f"the model {name!r} has {made.n_outputs} outputs, and the first has "
                f"{first.n_outputs}: the models of one page have as many"
            )
        self.task = task
        self.models[name] = made
        self.row_pages[name] = row_page(compiled)
        if not self.optimizers:
            self.still = still(compiled, self.points, task)
            self.optimizers = offered(optimizer.parameters, optimizer)
            self.rates = RATES | {next(iter(self.optimizers)): saturated(optimizer.lr)}

    def html(self, title: str) -> str:
        """Return the page; what users wrote is escaped in it, and only our script runs."""
        formulas = [formula(optimizer) for optimizer in self.optimizers.values()]
        found = json.dumps(
            self.known(formulas), separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        programs = script_of(list(self.models.values()), formulas)
        rows = [row.html for row in self.row_pages.values() if row]
        return page(
            "play",
            PAGE_WORDS,
            folder="nn.playing",
            scripts=SCRIPTS,
            program=f"{programs}\n{part('graph/unpacking.js')}",
            frames=rows,
            title=html.escape(printable(title)),
            still=self.still,
            graphviz=packed_graphviz() if rows else "",
            known=found.replace("<", "\\u003c"),
        )

    def known(self, formulas: list[dict[str, Any]]) -> dict[str, Any]:
        """Return what the script reads."""
        programs = ("run", "measure", "maps")
        optimizers = [
            {key: held for key, held in found.items() if key not in ("first", "later")}
            | {
                "name": name,
                "lr": self.rates[name],
                "decay": saturated(getattr(optimizer, "weight_decay", 0.0)),
            }
            for (name, optimizer), found in zip(self.optimizers.items(), formulas, strict=True)
        ]
        models = [
            {key: held for key, held in made._asdict().items() if key not in programs}
            | {"name": printable(name), "units": [unit._asdict() for unit in made.units]}
            | {"lesson": row.as_json() if (row := self.row_pages[name]) else None}
            for name, made in self.models.items()
        ]
        return {
            "n_inputs": self.n_inputs, "points": self.points, "order": self.data.order,
            "held_out": self.data.held_out, "random": self.data.random,
            "classes": self.task.classes, "class_names": self.task.names,
            "boundary": self.task.boundary, "models": models, "optimizers": optimizers,
            "batch": self.batch_size or 0,
            "words": {key.replace(" ", "_"): phrase(key) for key in SCRIPT_WORDS},
        }  # fmt: skip
