"""The process that loads somebody's engine and runs the cases on it, under limits.

It is started by ``process``, in a scratch folder, and reads the programs from its standard input.
For each it writes one line of JSON on what was its standard output: what the engine gave. Which
numbers are right it does not know. What the engine prints goes nowhere.
"""

import importlib
import importlib.util
import json
import os
import sys
from dataclasses import asdict
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from autograd.conformance.cases import Answer, Question
from autograd.conformance.diagnosis import methods_of
from autograd.conformance.running.in_this_process import ask, error_text, line_numbers
from autograd.errors import EngineFileError

MEMORY = 4 * 2**30  # bytes of addresses; an import of PyTorch takes more than one billion
FILE_SIZE = 64 * 2**20  # bytes that any one file may grow to
UNDER_MAIN = 'put what it runs under `if __name__ == "__main__":`'


def main() -> NoReturn:
    """Load the engine and ask it the questions of the request on standard input; never return."""
    told = json.loads(sys.stdin.read())
    channel = _Channel(os.dup(1))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    unlimited = limit_resources(told["cpu_seconds"])
    try:
        module = _load(told["engine"], told["folder"])
        engine = _choose_class(module, told)
    except EngineFileError as error:
        channel.send({"error": str(error)})
        os._exit(0)
    channel.send({
        "class": engine.__qualname__,
        "others": [] if told["class"] else _other_engines(module, engine, told["backward"]),
        "origins": _origins(module, engine),
        "methods": methods_of(engine) if told["methods"] else {},
        "unlimited": unlimited,
    })  # fmt: skip
    for question in told["questions"]:
        answer = _ask(Question(**question), engine, told["seconds"])
        channel.send(asdict(answer))
        if answer.kind == "timed out":
            break  # interrupted anywhere, the engine may be in any state: a fresh process goes on
    os._exit(0)  # at once: neither its threads nor its atexit functions can hold us up


def _ask(question: Question, engine: type, seconds: float) -> Answer:
    try:
        return ask(question, engine, seconds)
    except KeyboardInterrupt as error:  # the engine's own: Ctrl-C goes to the parent
        return Answer("raised", text=error_text(error))


class _Channel:
    """The way to the parent, for this process alone."""

    def __init__(self, file: int) -> None:
        self.file = file
        self.process = os.getpid()

    def send(self, message: dict[str, Any]) -> None:
        if os.getpid() != self.process:
            os._exit(0)  # the engine forked: one of the two is enough
        line = (json.dumps(message) + "\n").encode()
        while line:
            line = line[os.write(self.file, line) :]


LIMITS = {"AS": "memory", "FSIZE": "size of files", "CPU": "processor time", "CORE": "core dumps"}


def limit_resources(cpu_seconds: int) -> list[str]:
    """Set what limits the system has, and return those that are off; the parent has a clock."""
    try:
        import resource
    except ImportError:  # Windows
        return list(LIMITS.values())
    # CPU is for the case that the parent, and its clock, are killed
    limits = {"AS": MEMORY, "FSIZE": FILE_SIZE, "CPU": cpu_seconds, "CORE": 0}
    unlimited = []
    for name, wanted in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError):
            unlimited.append(LIMITS[name])  # macOS refuses to limit addresses
    return unlimited


def _load(engine: str, folder: str) -> ModuleType:
    """Import a file, or a module by its name; raises EngineFileError with one line on why not."""
    shown = Path(engine).name if folder else engine
    try:
        return _import_file(Path(folder, shown)) if folder else importlib.import_module(engine)
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        file = Path(error.filename or shown).name
        raise EngineFileError(f"{file}{line}: {error.msg}") from None
    except ModuleNotFoundError as error:
        if not folder and error.name and f"{engine}.".startswith(f"{error.name}."):
            missing = f"no file and no module is called {engine}; a file's name ends in .py"
            if "." in engine and error.name != engine:  # a module of a package
                missing += f", and a package is installed: python -m pip install {error.name}"
            raise EngineFileError(missing) from None
        raise EngineFileError(_reason(error, shown)) from None
    except EOFError as error:
        reason = f"nobody can answer its input() here: {UNDER_MAIN}"
        raise EngineFileError(f"{_reason(error, shown)}; {reason}") from None
    except SystemExit as error:
        raise EngineFileError(f"{shown} calls sys.exit({error.code!r}) when imported") from None
    except BaseException as error:  # student code may raise anything
        raise EngineFileError(_reason(error, shown)) from None


def _import_file(path: Path) -> ModuleType:
    """Import a file under its own name, if that is free, and let it import its neighbours."""
    sys.path.insert(0, str(path.parent))
    name = path.stem if path.stem not in sys.modules else f"_checked_{path.stem}"
    loader = SourceFileLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None  # as long as there is a loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def _reason(error: BaseException, shown: str) -> str:
    lines = {Path(file).name: line for file, line in line_numbers(error).items()}
    place = f", line {lines[shown]}" if shown in lines else ""
    return f"{shown} cannot be imported: {error_text(error)}{place}"


def _choose_class(module: ModuleType, told: dict[str, Any]) -> type:
    """Return the class that is asked for, else Value, else the only one with a backward method."""
    wanted, backward = told["class"], told["backward"]
    shown = Path(told["engine"]).name if told["folder"] else told["engine"]
    classes = {name: c for name, c in vars(module).items() if isinstance(c, type)}
    if (name := wanted or "Value") in classes:
        return classes[name]
    if wanted:
        there = f"; it has {', '.join(sorted(classes))}" if classes else ""
        raise EngineFileError(f"{shown} has no class {wanted}{there}")
    engines = {c.__name__: c for c in classes.values() if hasattr(c, backward)}
    if len(engines) == 1:
        return next(iter(engines.values()))
    if engines:
        raise EngineFileError(f"{shown} has {', '.join(sorted(engines))}: choose with --class NAME")
    own = sorted(name for name, c in classes.items() if c.__module__ == module.__name__)
    cure = f"; it has {', '.join(own)}: choose with --class NAME" if own else ""
    raise EngineFileError(
        f"{shown} has no class Value, and no other with a method {backward}{cure}"
    )


def _other_engines(module: ModuleType, chosen: type, backward: str) -> list[str]:
    """Return the names of the module's other classes that have a backward method of their own."""
    classes = {c for c in vars(module).values() if isinstance(c, type)} - {chosen}
    own = {c for c in classes if c.__module__ == module.__name__ and backward in vars(c)}
    return sorted(c.__name__ for c in own)


def _origins(module: ModuleType, engine: type) -> list[str]:
    """Return the module of the class and those of its direct bases, without the file's own."""
    modules = {kind.__module__ for kind in (engine, *engine.__bases__)} - {module.__name__}
    return sorted(m for m in modules if m.partition(".")[0] not in sys.stdlib_module_names)
