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

# Each file imports only from those before it. A folder is a room with one door, its __init__:
# files of other rooms import from the door alone, and so only what it exports.
ENGINE = [
    "errors", "numeric", "elementary", "activations", "notation", "operation", "ops", "graph",
    "tangents", "accumulating", "scope", "copying", "freeing", "other_words", "value", "sequences",
    "making", "grouping", "sources",
]  # fmt: skip
ROOMS = """
    system: asking console files process_group
    wording: numbers terminal words
    calculus: functions reverse forward matrices recomputing counting
    checking: differences table
    foreign: reading mirror
    text: names writer typesetting formulas local_formulas labels expression
    program.library: numpy_functions texts
    program.steps: expressions tracing naming reducing grouping lines places
    program.running: columns eager backend
    program.python: writer backend
    program.javascript: loops writer rules
    program.numpy: arrays statements placed_arrays array_formulas matrices sums flat writer backend
    program.native.kernels: code lanes functions operations kernel products many outer
    program.native.kernels: catalogue interpreter machine_code
    program.native: stage groups sums writer run backend
    program: backends verifying program compiling
    conformance.cases: names case result judging of_operations of_graphs by_chance
    conformance.diagnosis: mutants lecture_engine planting outcomes methods diagnosis
    conformance.reports: points report for_gradescope for_otter
    conformance.running: time_limit in_this_process telling worker process
    conformance: command store_patterns
    hunting: language engines search levels store_levels recorded transcript game prompt
    show.folding: fold ranks saying alike nesting cut
    show.picture: themes layout scene dot_text svg picture choosing
    show.story: events sentences telling lines marks story
    show.stepping: frames prediction walk step table lines screen stepper
    show.explaining: path_telling paths algorithms
    show.handout: tex handout evaluation_trace
    show.pages: template path in_notebook
    show.pages.graph: slots graph_data tree_data graph_page
    show.pages.graph:
    show.pages.lessons: lesson_page
    show.pages.sheets: lookup drawn_numbers sheet_picture rows trace_rows one_sheet paper
    show.pages.sheets: sheet
    show.pages.board: drawn_graph drawing board picture_page typed prompt watching file_watching
    show.drawing: drawing
"""
NN_ROOMS = """
    : saved checks stamping parts module rows init layers normalization losses metrics
    optim: base optimizers clipping schedules
    : plotting
    training: early_stopping history settings guard batches verifying eager columns one_row weights
    training: part compiled batch_by_batch saving interrupt progress fitting
    playing: task formulas network programs row_pages still playing_page
    : health interchange
"""


def files_of(package: str) -> dict[str, Path]:
    """Return every file of a package by its name in it; a folder's door has the folder's."""
    folder = ROOT / package
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix("__init__").rstrip(".")
        : path
        for path in folder.rglob("*.py")
    }  # fmt: skip


def in_order(rooms: str) -> list[str]:
    """Return the names of all files, each folder's door behind its files."""
    names: list[str] = []
    for line in filter(str.strip, rooms.splitlines()):
        room, _, files = (part.strip() for part in line.partition(":"))
        names += [f"{room}.{file}".removeprefix(".") for file in files.split()]
        if room:
            names = (
                [*names, room] if room not in names else [*(n for n in names if n != room), room]
            )
    return names


ORDER = [*ENGINE, *in_order(ROOMS), "show", "", "__main__"]
NN_ORDER = [*in_order(NN_ROOMS), ""]
PACKAGES = [("autograd", ORDER), ("nn", NN_ORDER)]
EVERY_FILE = [(package, name) for package, order in PACKAGES for name in order]
every_file = pytest.mark.parametrize(("package", "name"), EVERY_FILE)
STANDARD_LIBRARY_ONLY = [
    name
    for name in ORDER[: ORDER.index("show.picture.themes")]
    if not name.startswith(("program.library.numpy", "program.numpy", "program.native"))  # NumPy
]


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


def modules_in(package: str, names: set[str]) -> set[str]:
    """Return those names that are files of a package, by their name in it."""
    inside = {name.removeprefix(package).removeprefix(".") for name in names
              if name == package or name.startswith(f"{package}.")}  # fmt: skip
    return inside & files_of(package).keys()


@pytest.mark.parametrize(("package", "order"), PACKAGES)
def test_the_list_of_files_is_complete(package: str, order: list[str]) -> None:
    assert sorted(order) == sorted(files_of(package))


@every_file
def test_a_file_imports_only_from_those_before_it(package: str, name: str) -> None:
    order = dict(PACKAGES)[package]
    used = modules_in(package, imports(files_of(package)[name]))
    at_the_top = used - {""}  # `from autograd import ops` names the package too
    assert not at_the_top & set(order[order.index(name) :])


@every_file
def test_a_room_is_entered_by_its_door(package: str, name: str) -> None:
    rooms = {
        room for room in files_of(package) if (ROOT / package / room.replace(".", "/")).is_dir()
    }
    own = name if name in rooms else name.rpartition(".")[0]
    for used in modules_in(package, imports(files_of(package)[name])):
        room = used if used in rooms else used.rpartition(".")[0]
        assert room in ("", own) or used in rooms, f"{name} goes past the door of {room}"


@every_file
def test_a_package_knows_nothing_above_it(package: str, name: str) -> None:
    above = {"autograd": {"nn", "demos", "tests"}, "nn": {"demos", "tests"}}[package]
    assert not {used.split(".")[0] for used in imports(files_of(package)[name])} & above


@pytest.mark.parametrize("name", STANDARD_LIBRARY_ONLY)
def test_the_engine_needs_the_standard_library_alone(name: str) -> None:
    packages = {used.split(".")[0] for used in imports(files_of("autograd")[name])}
    assert packages <= {*sys.stdlib_module_names, "autograd"}


LOADED_WHEN_CALLED = {
    "plotting": {"matplotlib"}, "training.progress": {"tqdm"}, "interchange": {"torch"},
    "optim.base": {"numpy"}, "training.columns": {"numpy"}, "training.weights": {"numpy"},
}  # fmt: skip


def test_nn_imports_autograd_only() -> None:
    allowed = {*sys.stdlib_module_names, "autograd", "nn"}
    for name, path in files_of("nn").items():
        at_the_top = {used.split(".")[0] for used in imports(path, at_the_top=True)}
        everywhere = {used.split(".")[0] for used in imports(path)}
        assert at_the_top <= allowed
        assert everywhere <= allowed | LOADED_WHEN_CALLED.get(name, set())


def test_no_file_or_folder_has_the_name_of_an_exported_function() -> None:
    for package, module in (("autograd", autograd), ("nn", nn)):
        names = {part for name in files_of(package) for part in name.split(".")}
        functions = {name for name in module.__all__ if not isinstance(getattr(module, name), type)}
        assert not functions & names


TESTS = {path for path in (ROOT / "tests").rglob("*.py") if "__pycache__" not in path.parts}


def test_no_test_file_imports_from_another() -> None:
    for path in TESTS:
        names = {name.split(".")[-1] for name in imports(path) if name.startswith("tests.")}
        assert not {name for name in names if name.startswith("test_")}, path


def test_the_folders_of_the_tests_are_those_of_the_packages() -> None:
    folders = {path.parent.relative_to(ROOT / "tests") for path in TESTS} - {Path(), Path("engine")}
    for folder in folders:  # the engine stands flat
        package = ROOT if folder.parts[0] == "nn" else ROOT / "autograd"
        assert (package / folder / "__init__.py").exists(), folder
    rooms = {
        path.parent.relative_to(ROOT / "autograd")
        for path in (ROOT / "autograd").rglob("__init__.py")
    } | {path.parent.relative_to(ROOT) for path in (ROOT / "nn").rglob("__init__.py")}
    tested = {path.parent.relative_to(ROOT / "tests") for path in TESTS if "test_" in path.name}
    for room in rooms - {Path()}:
        assert any(folder.is_relative_to(room) for folder in tested), f"{room} has no tests"


def test_importing_autograd_loads_no_pictures() -> None:
    loaded = (
        "import sys, autograd; print([m for m in sys.modules if 'show' in m or 'graphviz' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


PUBLIC = [
    "DivisionByZeroError", "DomainError", "ExpressionError", "FrozenBranchError", "LayoutError",
    "NoForwardRuleError", "NotAGraphError", "Picture", "PictureError", "Program", "StaleGraphError",
    "Stepper", "Value", "acos", "asin", "atan", "check_gradients", "checkpoint",
    "compare_algorithms", "cos", "cosh", "cost", "derivation", "derivative", "detach", "dot",
    "draw", "elu", "erf", "exp", "explain", "expm1", "first_nonfinite", "formula", "gelu", "grad",
    "gradients", "group", "hessian", "hunt", "hvp", "jacobian", "jvp", "leaky_relu", "lesson",
    "log", "log1p", "logsumexp", "maximum", "mean", "minimum", "record_sources", "refresh", "relu",
    "sigmoid", "silu", "sin", "sinh", "softmax", "softplus", "sources_of", "sqrt", "tan", "tanh",
    "total", "trace", "tree", "unwatch", "value_and_grad", "vjp", "watch", "worksheet", "zero_grad",
]  # fmt: skip
NN_PUBLIC = [
    "Activation", "Adagrad", "Adam", "AdamW", "BatchNorm", "CosineAnnealingLR", "Dropout",
    "EarlyStopping", "GradientReport", "History", "Layer", "LayerNorm", "LinearLR", "MLP", "Module",
    "Neuron", "NonFiniteError", "Optimizer", "RMSNorm", "RMSprop", "SGD", "Sequential", "StepLR",
    "accuracy", "binary_cross_entropy", "binary_cross_entropy_with_logits", "calculate_gain",
    "clip_grad_norm_", "clip_grad_value_", "cross_entropy", "fit", "from_torch", "gradient_report",
    "hinge_loss", "huber_loss", "kaiming_normal", "kaiming_uniform", "l1_loss", "mse_loss",
    "nll_loss", "normal", "playground", "to_torch", "uniform", "xavier_normal", "xavier_uniform",
    "zeros",
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


def test_a_wrong_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tahn'"):
        _ = autograd.tahn  # type: ignore[attr-defined]


def test_finding_another_autograd_in_its_folder_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.exists", lambda path: str(path).endswith("tracer.py"))
    with pytest.warns(RuntimeWarning, match="HIPS/autograd is installed over chalkgrad"):
        importlib.reload(autograd)
