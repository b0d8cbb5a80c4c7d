"""The extras: what each brings, what a demo needs, and what it says where that is missing."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEMOS = sorted([*(ROOT / "demos").glob("*.py"), *(ROOT / "demos" / "racing").glob("*.py")])
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
OWN = {"autograd", "nn", "demos"}
DISTRIBUTIONS = importlib.metadata.packages_distributions()


def brought_by(extra: str) -> set[str]:
    """Return the distributions that an extra names, through the extras that it takes in."""
    found = set()
    for requirement in EXTRAS[extra]:
        name, others = re.match(r"([\w.-]+)(?:\[([\w,-]+)\])?", requirement).groups()
        found |= {name} if others is None else set().union(*map(brought_by, others.split(",")))
    return found


def packages(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module.split(".")[0]


def imports(node: ast.AST, extra: str = "") -> Iterator[tuple[str, str]]:
    """Yield each package that is imported from others, and the extra that it is to come from."""
    for child in ast.iter_child_nodes(node):
        yield from ((name, extra) for name in packages(child) if name not in OWN)
        named = isinstance(child, ast.With) and re.match(
            r"imports_from\('(\S+)'\)", ast.unparse(child.items[0])
        )
        yield from imports(child, named[1] if named else extra)


@pytest.mark.parametrize("path", DEMOS, ids=lambda path: path.stem)
def test_a_demo_names_the_extra_of_each_package_that_it_imports(path: Path) -> None:
    for package, extra in imports(ast.parse(path.read_text("utf-8"))):
        if package in sys.stdlib_module_names:
            continue
        assert extra, f"{package} is imported outside of imports_from"
        assert brought_by(extra) & set(DISTRIBUTIONS.get(package, [package])), package


@pytest.mark.parametrize(
    ("demo", "package", "extra"),
    [
        ("moons", "matplotlib", "demos"),
        ("moons", "tqdm", "demos"),
        ("digits", "sklearn", "digits"),
        ("words", "mnemonic", "words"),
        ("names", "names", "names"),
        ("policy_gradient", "gymnasium", "policy"),
        ("without_gradients", "niapy", "swarm"),
        ("data_parallel", "dask", "distributed"),
        ("data_parallel", "distributed", "distributed"),
        ("classroom_notebook", "nbclient", "notebook"),
    ],
)
def test_a_demo_without_its_package_says_in_one_line_what_brings_it(
    demo: str, package: str, extra: str
) -> None:
    done = run_without(package, demo)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f'{package} is missing: python -m pip install -e ".[{extra}]"\n'
    assert extra in EXTRAS


def test_the_first_install_command_brings_what_moons_needs_and_no_more() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.index('pip install -e ".[demos]"') < readme.index('pip install -e ".[test]"')
    assert brought_by("demos") == {"matplotlib", "numpy", "tqdm"}


def test_the_tests_bring_every_demo_but_not_the_race() -> None:
    assert brought_by("test") >= brought_by("all-demos")
    assert "micrograd" not in brought_by("test")


def test_every_test_that_needs_micrograd_is_marked_for_ci() -> None:
    needing = {
        node.name: [ast.unparse(mark) for mark in node.decorator_list]
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if re.search(r"\bmicrograd\(|importorskip\(.micrograd", ast.unparse(node))
    }
    assert len(needing) > 4
    assert all("pytest.mark.race" in marks for marks in needing.values()), needing
    assert "race" in re.search(r'-m "(.*)"', (ROOT / ".ci" / "run").read_text("utf-8"))[1]


def run_without(package: str, demo: str) -> subprocess.CompletedProcess[str]:
    """Run a demo in an interpreter in which the package cannot be imported."""
    program = (
        "import importlib.abc, runpy, sys\n"
        "class Missing(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name == {package!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        f"runpy.run_module('demos.{demo}', run_name='__main__')\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
