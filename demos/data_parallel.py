"""Data parallelism: workers share the rows, and find the very bits that one process finds.

python -m demos.data_parallel
"""

import os
import signal
from collections.abc import Sequence
from functools import partial
from typing import Any

from demos import moons_in_blocks as moons
from demos.claim import claim
from demos.extras import imports_from
from demos.local_cluster import local_cluster
from demos.output_folder import say, shown
from demos.running import run_demo, try_next
from demos.step_times import save_times, step_times

with imports_from("distributed"):
    from distributed import Client
    from distributed.scheduler import NoWorkerError

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows, SIGTERM ends a process at once
NO_WORKERS = "the cluster has no workers: call cluster.scale(2), or start some with `dask worker`"
ROWS, STEPS, SIZES = 100_000, 60, [8_000, 32_000, 128_000, 512_000, 2_048_000]


def on_workers(
    client: Client, rows: int, workers: Sequence[str] | None = None, program_of: Any = moons.program
) -> moons.Step:
    """Return a step on the cluster, or on some of its workers. They keep program and blocks.

    Both are results of tasks: what is lost with one worker is made again by another.
    """
    if not client.nthreads():
        raise SystemExit(NO_WORKERS)
    how = {"workers": workers, "pure": False}
    program = client.submit(program_of, **how)
    blocks = client.map(moons.block, range(moons.BLOCKS), rows=rows, **how)

    def step(weights: moons.Array) -> moons.Part:
        parts = client.map(moons.part, blocks, program=program, weights=weights, **how)
        try:
            return moons.added(client.gather(parts))  # in the order of the blocks
        except NoWorkerError:
            raise SystemExit(NO_WORKERS) from None

    return step


def main(quick: bool = False) -> None:
    sizes = SIZES[:2] if quick else SIZES
    os.environ["OMP_NUM_THREADS"] = "1"  # as workers have it: each stands for a machine of its own
    say(f"A network takes {STEPS} steps down, each on {ROWS:,} points in {moons.BLOCKS} blocks.")
    expected, _ = moons.descent(moons.in_one_process(ROWS), STEPS)
    with local_cluster(2) as cluster, Client(cluster) as client:
        found, seconds = moons.descent(on_workers(client, ROWS), STEPS)
        claim("two workers find the weights of one process, to the bit", found == expected)
        pid, *_ = client.run(os.getpid).values()
        step, kill = on_workers(client, ROWS), partial(os.kill, pid, KILL)
        found, longer = moons.descent(step, STEPS, half_way=kill)
        claim("so they do when one of them is killed half-way", found == expected)
        say(f"That took {longer:.1f} s instead of {seconds:.1f}. A step takes, by rows:\n")
        client.wait_for_workers(2)
        some = {f"workers: {n}": [*client.nthreads()][:n] for n in (1, 2)}
        ways = {name: partial(on_workers, client, workers=who) for name, who in some.items()}
        times = step_times({"one process": moons.in_one_process, **ways}, sizes)
    say(f"\nLook whether the lines cross, and where: {shown(save_times(times, sizes))}")
    try_next("give Client the address of a `dask scheduler`", "let a worker be killed in each step")


if __name__ == "__main__":
    run_demo(main)
