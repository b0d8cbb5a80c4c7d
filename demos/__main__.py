"""List the demos by lesson, with the seconds each takes; --times measures them.

python -m demos
"""

import argparse
import subprocess
import sys
import time

from demos.lessons import LESSONS, Demo
from demos.output_folder import say
from demos.running import run_demo


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m demos", description=__doc__.splitlines()[0])
    parser.add_argument("--times", action="store_true", help="run each demo and show its seconds")
    parser.add_argument("demo", nargs="?", help=argparse.SUPPRESS)  # to say how one is run
    options = parser.parse_args(arguments)
    names = [demo.name for demos in LESSONS.values() for demo in demos]
    if options.demo in names:
        parser.error(f"run it with  python -m demos.{options.demo}")
    if options.demo is not None:
        parser.error(f"there is no demo {options.demo!r:.40}; without it, this lists them")
    width = max(map(len, names))
    say(
        "Run  python -m demos.NAME ; --quick does less, --seed 7 draws anew. Pictures: demos/output"
    )
    for number, (lesson, demos) in enumerate(LESSONS.items(), start=1):
        gap = "\n" if number > 1 else ""
        say(f"{gap}{number}. {lesson}")
        for demo in demos:
            seconds = seconds_of(demo) if options.times else demo.seconds
            say(f"  {demo.name:{width}}  {seconds:3.0f} s  {demo.line}")


def seconds_of(demo: Demo) -> float:
    """Return the seconds that the demo took in a process of its own; exit if it failed."""
    start = time.perf_counter()
    command = [sys.executable, "-m", f"demos.{demo.name}"]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode:
        raise SystemExit(f"{demo.name} failed:\n{done.stderr.decode(errors='replace')}")
    return time.perf_counter() - start


if __name__ == "__main__":
    run_demo(main, has_options=True)
