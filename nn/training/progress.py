"""What ``fit`` shows on the terminal while it runs: a bar by tqdm, or a line for each epoch."""

import sys
from collections.abc import Mapping
from typing import Any


class Progress:
    """The base of classes that show how far ``fit`` is; this one shows nothing."""

    def batch_done(self) -> None:
        """Note that one more batch is done."""

    def epoch_done(self, row: Mapping[str, float]) -> None:
        """Tell the numbers of an epoch that is complete."""

    def note(self, text: str) -> None:
        """Tell any other text."""

    def close(self) -> None:
        """Clear up: nothing more will be shown."""


class Lines(Progress):
    """A line for each epoch, on stderr."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs

    def epoch_done(self, row: Mapping[str, float]) -> None:
        numbers = "  ".join(f"{name} {text}" for name, text in _told(row).items())
        self.note(f"epoch {row['epoch']}/{self.epochs}  {numbers}")

    def note(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)


class Bar(Progress):
    """A bar over the batches of all epochs, with the numbers of the last complete one."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    def batch_done(self) -> None:
        self.bar.update()

    def epoch_done(self, row: Mapping[str, float]) -> None:
        self.bar.set_postfix(_told(row))

    def note(self, text: str) -> None:
        self.bar.write(text, file=sys.stderr)

    def close(self) -> None:
        self.bar.close()


def _told(row: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{number:.4g}" for name, number in row.items() if name not in ("epoch", "lr")}


def progress_for(asked: bool | None, epochs: int, batches_an_epoch: int, done: int) -> Progress:
    """Return what shows progress, if it is asked for; if None, where stderr is a terminal.

    It is tqdm's bar where tqdm is installed (extra ``demos``). ``done`` batches are done already.
    """
    if asked is None:
        asked = sys.stderr is not None and sys.stderr.isatty()
    if not asked:
        return Progress()
    try:
        from tqdm import tqdm
    except ImportError:
        return Lines(epochs)
    total = max(epochs * batches_an_epoch, done)
    return Bar(tqdm(desc="training", unit="batch", total=total, initial=done))
