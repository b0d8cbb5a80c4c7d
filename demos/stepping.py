"""Stepping through the chain rule at the REPL, one number at a time.

python -m demos.stepping
"""

import contextlib
import io
from code import InteractiveConsole

from demos.output_folder import output_path, say, shown
from demos.running import run_demo, try_next

SESSION = """
# A value that is used twice, and the one line of set-up.
from autograd import Stepper, Value, compare_algorithms, explain
a, b, f = Value(2.0), Value(-3.0), Value(-2.0)
c = a * b
L = (c + a) * f
steps = Stepper(L)
# The forward pass comes first. The sum has no name, so it is called v1.
steps.next()
steps.next()
steps.next()
# Now backwards: the seed, then upstream gradient times local derivative, edge by edge.
steps.next()
steps.next()
steps.goto(8)
a.grad
# That came through the sum. The product has its share too, and it is added:
steps.next()
a.grad
# Once more, please:
steps.back()
a.grad
steps.where
steps.run()
# The same numbers as backward() gives, bit for bit:
by_steps = [v.grad for v in (a, b, f)]
steps.reset()
L.backward()
by_steps == [v.grad for v in (a, b, f)]
# Why is a.grad what it is? Every path from a to L has its product, and they add up:
explain(L, a)
# And what would the famous mistakes make of it?
compare_algorithms(L)
""".strip().splitlines()


def transcript(console: InteractiveConsole) -> str:
    """Type the session into a REPL; return what it shows, with what was typed."""
    lines = []
    for line in SESSION:
        if line.startswith("#"):
            lines.append(f"\n{line}\n")
            continue
        lines.append(f">>> {line}")
        answer = io.StringIO()
        with contextlib.redirect_stdout(answer):
            console.push(line)
        lines += answer.getvalue().splitlines()
    return "\n".join(lines).strip() + "\n"


def main() -> None:
    console = InteractiveConsole()
    say(transcript(console))
    folder = output_path("stepping")
    say(console.locals["steps"].save_frames(folder))
    say(f"Look at them one by one, as slides: {shown(folder)}")
    try_next(
        "predict=True in Stepper: say each number before it is shown",
        "the first lines with a graph of your own",
    )


if __name__ == "__main__":
    run_demo(main)
