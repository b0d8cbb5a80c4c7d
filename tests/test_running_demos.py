"""A demo as a program: its options, and Ctrl-C."""

import ast
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demos.__main__ import main as list_demos
from tests.backends import every_backend

ROOT = Path(__file__).parent.parent
DEMOS = sorted(
    path for path in (ROOT / "demos").glob("*.py") if "\ndef main(" in path.read_text("utf-8")
)
FITS = """\
from demos.running import run_demo
from nn import MLP, SGD, fit, mse_loss

def main():
    model = MLP(1, [1])
    print("training", flush=True)
    fit(model, [[1.0]], [[1.0]], loss=mse_loss, optimizer=SGD(model.parameters(), lr=0.1),
        epochs=10**9)

run_demo(main)
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("path", DEMOS, ids=lambda path: path.stem)
def test_every_demo_runs_its_main_in_the_one_way(path: Path) -> None:
    last = ast.unparse(ast.parse(path.read_text("utf-8")).body[-1])
    assert last.startswith("if __name__ == '__main__':\n    run_demo(main")


def test_help_shows_the_docstring_and_runs_nothing() -> None:
    done = run("-m", "demos.first_graph", "--help")
    assert done.returncode == 0
    assert "The first graph: one weight, one input, one squared error." in done.stdout
    assert "A line w*x + b should hit 5." not in done.stdout


@pytest.mark.parametrize("arguments", [["--epochs", "3"], ["fast"], ["-x"]])
def test_a_demo_refuses_options_that_it_does_not_have(arguments: list[str]) -> None:
    done = run("-m", "demos.first_graph", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    told = f"error: this demo takes --seed and --quick, and not {' '.join(arguments)};"
    assert told in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="closed pipes are another error there")
@pytest.mark.parametrize("unbuffered", [[], ["-u"]])
def test_a_reader_that_has_seen_enough_is_not_an_error(unbuffered: list[str]) -> None:
    running = subprocess.Popen(
        [sys.executable, *unbuffered, "-m", "demos.first_graph"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    running.stdout.close()
    _, error = running.communicate()
    assert (running.returncode, error) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("unbuffered", [[], ["-u"]])
def test_a_full_disk_is_told_in_one_line(unbuffered: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, *unbuffered, "-m", "demos.first_graph"],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    told = "python -m demos.first_graph: [Errno 28] No space left on device\n"
    assert (done.returncode, done.stderr) == (1, told)


@pytest.mark.parametrize("option", [["--seed", "3"], ["--quick"]])
def test_an_option_that_changes_nothing_is_taken_and_says_so(option: list[str]) -> None:
    done = run("-m", "demos.first_graph", *option)
    assert done.returncode == 0
    assert done.stderr.startswith(f"{option[0]} changes nothing: this demo ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", "", "1000000001", "²", "9" * 5000])
def test_a_seed_is_a_whole_number(seed: str) -> None:
    done = run("-m", "demos.first_graph", f"--seed={seed}")
    assert (done.returncode, done.stdout) == (2, "")
    told = (
        f"argument --seed: a seed is a whole number from 0 to 1,000,000,000, and not {seed!r:.40}"
    )
    assert told in done.stderr


CLAIMS = """\
import sys
from demos.claim import claim
from demos.running import run_demo

def main(seed=0, quick=False, of_its_own="none"):
    print(seed, quick, of_its_own)
    claim("one is one", True)
    claim("one is two", False)

sys.argv[0] = "claims.py"
run_demo(main, options=lambda parser: parser.add_argument("--of-its-own", default="none"))
"""


def test_an_option_that_changes_nothing_excuses_no_claim() -> None:
    text = CLAIMS.replace('seed=0, quick=False, of_its_own="none"', 'of_its_own="none"')
    done = run("-c", text.replace("print(seed, quick, of_its_own)", "pass"), "--seed", "3")
    assert done.returncode == 1
    assert "this demo claims, and did not find: one is two" in done.stderr


def test_a_main_is_given_its_options_and_a_claim_must_hold_as_published() -> None:
    done = run("-c", CLAIMS, "--of-its-own", "some")
    assert done.stdout == "0 False some\nchecked: one is one\n"
    assert done.stderr == "this demo claims, and did not find: one is two\n"
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("option", "given"), [(["--seed", "7"], "7 False"), (["--quick"], "0 True")]
)
def test_in_a_run_that_the_user_changed_a_claim_that_fails_is_told(
    option: list[str], given: str
) -> None:
    done = run("-c", CLAIMS, *option)
    told = "checked: one is one\nnot so in this run: one is two\n"
    assert (done.returncode, done.stdout) == (0, f"{given} none\n{told}")


def test_a_demo_that_trains_takes_a_backend() -> None:
    help_text = run("-m", "demos.initialization", "--help").stdout
    assert "--backend {eager,python,numpy,native}" in help_text
    done = run("-m", "demos.initialization", "--backend", "jax")
    assert done.returncode == 2
    assert "invalid choice: 'jax'" in done.stderr
    done = run("-m", "demos.initialization", "--epochs", "3")
    assert "takes --seed, --quick and --backend, and not --epochs 3;" in done.stderr


def test_a_demo_may_have_another_backend_by_default() -> None:
    assert ",auto}" in run("-m", "demos.names", "--help").stdout


@pytest.mark.parametrize(
    ("demo", "told"),
    [
        ("attention", "Perceptron takes what a program cannot: rows[0]: 'D'"),
        ("discrete_data", "largest? is a one-off node, made by largest?: a program has no rule"),
    ],
)
def test_a_model_without_a_fixed_graph_is_told_in_one_line(demo: str, told: str) -> None:
    done = run("-m", f"demos.{demo}", "--backend", "numpy")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith(f"python -m demos.{demo}: {told}")


@pytest.mark.slow
@pytest.mark.parametrize("path", DEMOS, ids=lambda path: path.stem)
def test_a_quick_run_of_another_seed_goes_to_its_end(path: Path) -> None:
    if "quick: bool" not in path.read_text("utf-8"):
        pytest.skip("it is quick as it is")
    done = run("-m", f"demos.{path.stem}", "--quick", "--seed", "1000000000")
    assert done.returncode == 0, done.stderr
    assert "\nTry next:\n" in done.stdout


@pytest.mark.slow
@every_backend
@pytest.mark.parametrize("name", ["moons", "initialization", "digits", "optimizers", "losses"])
def test_what_a_demo_claims_holds_for_programs_too(name: str, backend: str) -> None:
    done = run("-m", f"demos.{name}", "--backend", backend)
    assert done.returncode == 0, done.stderr
    assert "checked: " in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there, a signal ends a process at once")
@pytest.mark.parametrize(
    "program",
    [
        "import time\nfrom demos.running import run_demo\n\n"
        "def main():\n    print('training', flush=True)\n    time.sleep(60)\n\nrun_demo(main)",
        FITS,
    ],
    ids=["a loop", "fit, which by itself would stop after a batch and go on"],
)
def test_ctrl_c_ends_a_demo_in_one_line_with_code_130(program: str) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout.readline() == "training\n"
    time.sleep(0.3)  # so that it is within fit
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=20)
    assert (running.returncode, error) == (130, "\nstopped by Ctrl-C\n")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("moons", "run it with  python -m demos.moons"), ("mooons", "there is no demo 'mooons'")],
)
def test_the_list_says_how_a_demo_is_run(
    name: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        list_demos([name])
    assert reason in capsys.readouterr().err
