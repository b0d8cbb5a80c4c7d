"""What a demo claims it checks itself."""

from contextvars import ContextVar

from demos.output_folder import say

_MUST_HOLD = ContextVar("must_hold", default=True)


def claim(statement: str, holds: bool) -> None:
    """Say ``statement``, once it has been found true; exit with it if it is not.

    In a run that the user has changed, a claim that does not hold is said, and the demo goes on.
    """
    if holds:
        say(f"checked: {statement}")
    elif _MUST_HOLD.get():
        raise SystemExit(f"this demo claims, and did not find: {statement}")
    else:
        say(f"not so in this run: {statement}")


def claims_may_fail() -> None:
    """Let the demo go on where a claim does not hold: the user asked for another run."""
    _MUST_HOLD.set(False)
