"""Step: one step of a walk, in numbers and in words."""

from autograd.show.story import Event, Told
from autograd.wording import for_terminal


class Step:
    """One step of ``count``: its ``event`` with all numbers, and ``told``, the same in words.

    At the prompt it reads as the arithmetic of the chain rule; contribution and new total are two
    lines, because they differ where a node is used twice. ``remark`` has the verdict on a
    prediction and ``is_right`` whether it was right, None without one.
    """

    def __init__(
        self,
        event: Event,
        number: int,
        count: int,
        told: Told,
        remark: str = "",
        is_right: bool | None = None,
    ) -> None:
        self.event = event
        self.number = number
        self.count = count
        self.told = told
        self.remark = remark
        self.is_right = is_right

    def __repr__(self) -> str:
        told = self.told
        rest = [told.arithmetic if told.title else "", told.total, self.remark]
        return for_terminal("\n  ".join([self.headline, *filter(None, rest)]))

    @property
    def headline(self) -> str:
        """The first line."""
        told = self.told
        return f"[{self.number}/{self.count}] {told.phase}: {told.title or told.arithmetic}"
