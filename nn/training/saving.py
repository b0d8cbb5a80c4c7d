"""Training checkpoints: all that a training needs to go on, as JSON that gives back the same bits.

JSON holds floats and ints exactly; a Fraction is ``{"fraction": "1/3"}``.
"""

import json
import os
import random
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from autograd.numeric import as_number
from autograd.system import write_whole
from nn.parts import parts_of
from nn.saved import read_saved
from nn.training.batch_by_batch import Run
from nn.training.history import History

FORMAT = "chalkgrad checkpoint 1"


def save_checkpoint(path: str | os.PathLike[str], run: Run) -> None:
    """Write where a training stands, whole or not at all; raises OSError if it cannot."""
    write_whole(path, _encoded(state_of(run)) + "\n")


def resume(path: str | os.PathLike[str], run: Run) -> None:
    """Go to where the saved training stood.

    Raises ValueError, and changes nothing, if the file is broken or of another training; OSError
    if it cannot be read.
    """
    state = read_saved(path, "checkpoint", _decoded)
    before = state_of(run)
    try:
        _check_parts(run, state)
        set_state(run, state)
    except (ValueError, ArithmeticError) as error:
        set_state(run, before)
        raise ValueError(
            f"{os.fspath(path)!r} is not a checkpoint of this training: {error}; delete it to "
            "start again, or give another path"
        ) from error


# -- what is saved -------------------------------------------------------------------------------


def state_of(run: Run) -> dict[str, Any]:
    """Return how a training is done, and all that changes as it goes on."""
    settings, schedule = run.settings, run.settings.schedule
    return {
        "format": FORMAT,
        "how": _how(run),
        "history": dict(run.history),
        "best_epoch": run.history.best,
        "order": list(run.order),
        "held_out": list(run.held_out),
        "position": run.position,
        "sums": dict(run.sums),
        "stopped": run.stopped,
        "generators": {name: _standing(held) for name, held in _generators_of(run).items()},
        "early_stopping": run.best.state_dict(),
        "schedule": schedule.state_dict() if schedule else None,
        "optimizer": settings.optimizer.state_dict(),
        "model": settings.model.state_dict(),
    }


def _how(run: Run) -> dict[str, Any]:
    """Return what has to be the same for a training to go on as if never interrupted."""
    settings, schedule, stopping = run.settings, run.settings.schedule, run.settings.early_stopping
    how = {
        "rows to train on": len(run.order),
        "rows to validate on": len(run.held_out),
        "the checksum of the data": run.checksum,
        "the model": re.sub(r" at 0x[0-9a-fA-F]+", "", repr(settings.model)),
        "the loss": getattr(settings.loss, "__name__", type(settings.loss).__name__),
        "batch_size": settings.batch_size,
        "metrics": list(settings.metrics),
        "clip_norm": settings.clip_norm,
        "clip_value": settings.clip_value,
        "optimizer": type(settings.optimizer).__name__,
        "schedule": type(schedule).__name__ if schedule else None,
        "early_stopping": [stopping.patience, stopping.min_delta] if stopping else None,
    }
    of_optimizer = settings.optimizer.state_dict()["settings"]
    how |= {f"optimizer.{name}": setting for name, setting in of_optimizer.items()}
    if schedule:
        state = schedule.state_dict()
        how |= {f"schedule.{name}": setting for name, setting in state["settings"].items()}
        how["optimizer.lr"] = state["base_lr"]  # its own changes from epoch to epoch
    return how


def set_state(run: Run, state: Mapping[str, Any]) -> None:
    """Set what ``state_of`` returned; raises ValueError, half-way, for another model's part."""
    settings, generators = run.settings, _generators_of(run)
    settings.model.load_state_dict(state["model"])
    run.best.load_state_dict(state["early_stopping"])
    if settings.schedule:
        settings.schedule.load_state_dict(state["schedule"])
    settings.optimizer.load_state_dict(state["optimizer"])
    for name, generator in generators.items():
        _set_standing(generator, state["generators"][name])
    run.history = History({name: list(column) for name, column in state["history"].items()})
    run.history.best = state["best_epoch"]
    run.order, run.held_out = list(state["order"]), list(state["held_out"])
    run.position, run.sums = state["position"], dict(state["sums"])
    run.stopped = state["stopped"]


# -- what is read --------------------------------------------------------------------------------

KINDS: dict[str, type] = {
    "how": dict, "history": dict, "order": list, "held_out": list, "position": int, "sums": dict,
    "stopped": bool, "generators": dict, "early_stopping": dict, "optimizer": dict, "model": dict,
}  # fmt: skip


def _check_parts(run: Run, state: Mapping[str, Any]) -> None:
    """Raise ValueError unless a state from a file is complete and of this training."""
    if state.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT!r}")
    lacking = [part for part in state_of(run) if part not in state]
    if lacking:
        raise ValueError(f"it has no {', '.join(lacking)}")
    for part, kind in KINDS.items():
        if type(state[part]) is not kind:
            raise ValueError(f"its {part} is {state[part]!r:.60}")
    saved, own = state["how"], json.loads(_encoded(_how(run)), object_hook=_decoded)
    for name in [*own, *saved]:
        if name not in own or name not in saved or own[name] != saved[name]:
            raise ValueError(f"there {name} is {saved.get(name)!r}, and here {own.get(name)!r}")
    if state["generators"].keys() != _generators_of(run).keys():
        raise ValueError(f"its random generators are {', '.join(state['generators'])}")
    numbers = [*state["order"], *state["held_out"]]
    whole = all(type(k) is int for k in numbers)
    if not whole or sorted(numbers) != sorted([*run.order, *run.held_out]):
        raise ValueError("its order is not one of these rows")
    if not 0 <= state["position"] < run.batches_an_epoch:
        raise ValueError(f"it stands at batch {state['position']} of {run.batches_an_epoch}")
    _check_numbers(run, state)


def _check_numbers(run: Run, state: Mapping[str, Any]) -> None:
    """Raise ValueError unless history and sums are numbers, and those of this training."""
    in_training = {"loss", *run.settings.metrics}
    names = in_training | ({f"val_{name}" for name in in_training} if run.held_out else set())
    history, sums, best = state["history"], state["sums"], state["best_epoch"]
    if history and set(history) != {"epoch", "lr", *names}:
        raise ValueError(f"its history has {', '.join(history)}")
    columns = list(history.values())
    if not all(type(column) is list and len(column) == len(columns[0]) for column in columns):
        raise ValueError("its history has columns of unequal length")
    if not set(sums) <= names or (best is not None and type(best) is not int):
        raise ValueError(f"its sums have {', '.join(sums)}, its best epoch is {best!r}")
    for number in [*sums.values(), *(number for column in columns for number in column)]:
        if type(number) not in (int, float):
            raise ValueError(f"its history holds {number!r:.60}, which is not a number")


def _encoded(state: Any) -> str:
    return json.dumps(state, default=_encoded_number)


def _encoded_number(held: Any) -> Any:
    if isinstance(held, Fraction):
        return {"fraction": str(held)}
    if hasattr(held, "item"):  # a number of NumPy
        return as_number(held)
    raise TypeError(f"a training checkpoint cannot hold {held!r:.60}, a {type(held).__name__}")


def _decoded(read: dict[str, Any]) -> Any:
    if list(read) != ["fraction"] or not isinstance(read["fraction"], str):
        return read
    try:
        return Fraction(read["fraction"])
    except ZeroDivisionError as error:
        raise ValueError(f"{read!r:.60} is not a fraction") from error


# -- random generators ---------------------------------------------------------------------------


def _generators_of(run: Run) -> dict[str, random.Random]:
    """Return the generator of ``fit``, and those that modules hold, as Dropout does, by name."""
    held_by_modules = {
        f"model.{part.name}": part.held
        for part in parts_of(run.settings.model)
        if isinstance(part.held, random.Random)
    }
    return {"rng": run.rng, **held_by_modules}


def _standing(generator: random.Random) -> list[Any]:
    version, words, gauss_next = generator.getstate()
    return [version, list(words), gauss_next]


def _set_standing(generator: random.Random, standing: Any) -> None:
    try:
        version, words, gauss_next = standing
        if gauss_next is not None and not isinstance(gauss_next, float):
            raise TypeError(f"{gauss_next!r:.60} is not a float")
        generator.setstate((version, tuple(words), gauss_next))
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            f"{standing!r:.60} is not the state of a random generator: {error}"
        ) from error
