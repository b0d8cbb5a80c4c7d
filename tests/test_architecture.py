"""The rooms: what may import what, and what the packages export."""

import ast
import builtins
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
import nn

ROOT = Path(__file__).parent.parent

# Each room imports only from rooms above it.
ROOMS = [
    "errors", "numeric", "operation", "ops", "scope", "graph", "copying", "value", "sequences",
    "calculus", "words", "differences",
    "checking", "foreign", "mirror", "names", "text", "expression", "files",
    "time_limit", "process_group", "conformance_case", "conformance_arithmetic",
    "conformance_graphs", "conformance", "conformance_worker", "conformance_process",
    "show.themes", "show.layout", "show.local_formula", "show.labels", "show.scene", "show.fold",
    "show.dot_text", "show.svg", "show.picture", "show.steps", "show.step_text", "show.frames",
    "show.path_text", "show.paths", "show.algorithms", "show.tex", "show.handout",
    "show.prediction", "show.walk", "show.step_loop", "show.stepper", "show.web",
    "show.lesson_page", "show.drawn_numbers", "show.sheet_picture", "show.sheet_rows",
    "show.sheet_paper", "show.sheet", "show.board",
    "show.watching", "show.file_watching", "__init__", "commands", "__main__",
]  # fmt: skip
STANDARD_LIBRARY_ONLY = ROOMS[: ROOMS.index("show.themes")]


def imports(path: Path, *, at_the_top: bool = False) -> set[str]:
    """Return the full names of the modules a file imports, everywhere or at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body if at_the_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
            found.add(node.module or "")
    return found


def rooms_of(package: str) -> dict[str, Path]:
    folder = ROOT / package
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts): path
        for path in folder.rglob("*.py")
        if path.name != "__init__.py" or path.parent == folder
    }


def test_the_list_of_rooms_is_complete() -> None:
    assert set(rooms_of("autograd")) == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_above_it(room: str) -> None:
    below = ROOMS[ROOMS.index(room) :]
    used = imports(rooms_of("autograd")[room])
    assert not {f"autograd.{lower}" for lower in below} & used - {"autograd.show"}
    assert not {name for name in used if name.split(".")[0] in ("nn", "demos", "tests")}


@pytest.mark.parametrize("room", STANDARD_LIBRARY_ONLY)
def test_the_engine_needs_the_standard_library_alone(room: str) -> None:
    packages = {name.split(".")[0] for name in imports(rooms_of("autograd")[room])}
    assert packages <= {*sys.stdlib_module_names, "autograd"}


NN_ROOMS = [
    "module", "init", "layers", "normalization", "losses", "optimizer", "optim", "clipping",
    "schedules", "training", "plotting", "history", "metrics", "settings", "guard", "batching",
    "run", "checkpoint", "interrupt", "progress", "fitting", "health", "interchange", "__init__",
]  # fmt: skip
LOADED_WHEN_CALLED = {"plotting": {"matplotlib"}, "progress": {"tqdm"}, "interchange": {"torch"}}


@pytest.mark.parametrize("room", NN_ROOMS)
def test_a_room_of_nn_imports_only_from_rooms_above_it(room: str) -> None:
    assert set(rooms_of("nn")) == set(NN_ROOMS)
    below = NN_ROOMS[NN_ROOMS.index(room) :]
    assert not {f"nn.{lower}" for lower in below} & imports(rooms_of("nn")[room])


def test_nn_imports_autograd_only() -> None:
    allowed = {*sys.stdlib_module_names, "autograd", "nn"}
    for room, path in rooms_of("nn").items():
        at_the_top = {name.split(".")[0] for name in imports(path, at_the_top=True)}
        everywhere = {name.split(".")[0] for name in imports(path)}
        assert at_the_top <= allowed
        assert everywhere <= allowed | LOADED_WHEN_CALLED.get(room, set())


def test_importing_autograd_loads_no_pictures() -> None:
    loaded = (
        "import sys, autograd; print([m for m in sys.modules if 'show' in m or 'graphviz' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


PUBLIC = [
    "DivisionByZeroError", "DomainError", "ExpressionError", "LayoutError", "NoForwardRuleError",
    "NotAGraphError", "Picture", "PictureError", "StaleGraphError", "Stepper", "Value", "acos",
    "asin", "atan", "check_gradients", "compare_algorithms", "cos", "cosh", "derivation",
    "derivative", "dot", "draw", "elu", "erf", "exp", "explain", "expm1", "first_nonfinite",
    "formula", "gelu", "grad", "gradients", "hessian", "jacobian", "leaky_relu", "lesson", "log",
    "log1p", "logsumexp", "maximum", "mean", "minimum", "refresh", "relu", "sigmoid", "silu",
    "sin", "sinh", "softmax", "softplus", "sqrt", "tan", "tanh", "total", "tree", "unwatch",
    "value_and_grad", "watch", "worksheet", "zero_grad",
]  # fmt: skip
NN_PUBLIC = [
    "Activation", "Adagrad", "Adam", "AdamW", "BatchNorm", "CosineAnnealingLR", "Dropout",
    "EarlyStopping", "GradientReport", "History", "Layer", "LayerNorm", "LinearLR", "MLP", "Module",
    "Neuron", "NonFiniteError", "Optimizer", "RMSNorm", "RMSprop", "SGD", "Sequential", "StepLR",
    "accuracy", "binary_cross_entropy", "binary_cross_entropy_with_logits", "calculate_gain",
    "clip_grad_norm_", "clip_grad_value_", "cross_entropy", "fit", "from_torch", "gradient_report",
    "hinge_loss", "huber_loss", "kaiming_normal", "kaiming_uniform", "l1_loss", "mse_loss",
    "nll_loss", "normal", "to_torch", "uniform", "xavier_normal", "xavier_uniform", "zeros",
]  # fmt: skip


@pytest.mark.parametrize(("package", "names"), [(autograd, PUBLIC), (nn, NN_PUBLIC)])
def test_the_packages_export_what_the_design_names(package: object, names: list[str]) -> None:
    assert sorted(package.__all__) == sorted(names)  # type: ignore[attr-defined]


@pytest.mark.parametrize("package", [autograd, nn])
def test_every_exported_name_is_there_and_documented(package: object) -> None:
    for name in package.__all__:  # type: ignore[attr-defined]
        assert getattr(package, name).__doc__, name


def test_import_star_shadows_no_builtin() -> None:
    assert not set(autograd.__all__) & set(dir(builtins))
    assert autograd.abs(-2.0) == 2.0


def test_no_public_function_has_the_name_of_a_room() -> None:
    assert not set(autograd.__all__) & {room.split(".")[-1] for room in ROOMS}
    assert not set(nn.__all__) & set(NN_ROOMS)


def test_a_wrong_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tahn'"):
        _ = autograd.tahn  # type: ignore[attr-defined]


def test_finding_another_autograd_in_its_folder_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.exists", lambda path: str(path).endswith("tracer.py"))
    with pytest.warns(RuntimeWarning, match="HIPS/autograd is installed over chalkgrad"):
        importlib.reload(autograd)
