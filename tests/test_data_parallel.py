"""Data parallelism: the bits of one process, whatever becomes of the workers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demos import data_parallel, output_folder
from demos import moons_in_blocks as moons
from demos.data_parallel import on_workers
from demos.local_cluster import dask, local_cluster

ROWS, STEPS = 4_000, 5
Client = data_parallel.Client


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A cluster of two workers, each a process."""
    with local_cluster(2) as cluster, Client(cluster) as client:
        yield client


class KillsAWorker:
    """A program, whose first run kills the process that it is in."""

    def __init__(self, mark: Path) -> None:
        self.mark, self.program = mark, moons.program()

    def run(self, weights: Any, columns: Any) -> Any:
        if not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.program.run(weights, columns)


def test_blocks_add_up_to_all_rows() -> None:
    weights = moons.first_weights()
    loss, gradient = moons.in_one_process(ROWS)(weights)
    columns = np.concatenate([moons.block(k, ROWS) for k in range(moons.BLOCKS)], axis=1)
    assert columns.shape == (3, ROWS)
    expected_loss, expected = moons.program().run(weights, columns)
    assert loss == pytest.approx(expected_loss, rel=1e-12)
    assert gradient == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("n_workers", [1, 2])
def test_workers_find_the_bits_of_one_process(n_workers: int, client: Any) -> None:
    some = [*client.nthreads()][:n_workers]
    found, _ = moons.descent(on_workers(client, ROWS, some), STEPS)
    expected, _ = moons.descent(moons.in_one_process(ROWS), STEPS)
    assert found == expected
    assert found != moons.first_weights().tolist()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal on Windows")
def test_a_worker_killed_in_the_midst_of_a_step_costs_time_and_nothing_else(
    tmp_path: Path, client: Any
) -> None:
    before = {*client.run(os.getpid).values()}
    step = on_workers(client, ROWS, program_of=partial(KillsAWorker, tmp_path / "killed"))
    found, _ = moons.descent(step, STEPS)
    expected, _ = moons.descent(moons.in_one_process(ROWS), STEPS)
    assert found == expected
    assert (tmp_path / "killed").exists()
    client.wait_for_workers(2, timeout=60)
    assert before - {*client.run(os.getpid).values()}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal on Windows")
def test_what_all_workers_held_is_made_again(client: Any) -> None:
    step, weights = on_workers(client, ROWS), moons.first_weights()
    loss, gradient = step(weights)
    for pid in client.run(os.getpid).values():
        os.kill(pid, signal.SIGKILL)
    again, same = step(weights)
    assert (again, same.tolist()) == (loss, gradient.tolist())


def test_a_cluster_without_workers_is_an_error_that_says_what_to_do() -> None:
    with (
        local_cluster(0) as cluster,
        Client(cluster) as client,
        pytest.raises(SystemExit, match=r"no workers: call cluster\.scale\(2\), or start some"),
    ):
        on_workers(client, ROWS)


def test_so_is_one_that_loses_its_last_worker() -> None:
    with (
        dask.config.set({"distributed.scheduler.no-workers-timeout": "1 s"}),
        local_cluster(1) as cluster,
        Client(cluster) as client,
    ):
        step = on_workers(client, ROWS)
        step(moons.first_weights())
        cluster.scale(0)
        start = time.monotonic()
        with pytest.raises(SystemExit, match="no workers"):
            step(moons.first_weights())
        assert time.monotonic() - start < 60


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there, a signal ends a process at once")
def test_ctrl_c_at_the_terminal_which_reaches_workers_too_is_told_in_one_line() -> None:
    command = [sys.executable, "-u", "-m", "demos.data_parallel", "--quick"]
    running = subprocess.Popen(
        command, cwd=Path(__file__).parent.parent, encoding="utf-8", start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert any(line.startswith("checked: two workers") for line in running.stdout)
    os.killpg(running.pid, signal.SIGINT)
    _, error = running.communicate(timeout=60)
    assert (running.returncode, error) == (130, "\nstopped by Ctrl-C\n")


@pytest.mark.slow
def test_the_demo_holds_what_it_claims_and_leaves_its_plot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output_folder, "OUTPUT", tmp_path)
    monkeypatch.setattr(data_parallel, "ROWS", ROWS)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")  # which the demo sets, and pytest then restores
    data_parallel.main(quick=True)
    told = capsys.readouterr().out
    assert "checked: so they do when one of them is killed half-way" in told
    for words in ("one process", "workers: 1", "workers: 2", "   32,000"):
        assert words in told
    assert (tmp_path / "data_parallel.png").read_bytes().startswith(b"\x89PNG")
