"""What a demo claims it checks itself."""

from demos.output_folder import say


def claim(statement: str, holds: bool) -> None:
    """Say ``statement``, once it has been found true; exit with it if it is not."""
    if not holds:
        raise SystemExit(f"this demo claims, and did not find: {statement}")
    say(f"checked: {statement}")
