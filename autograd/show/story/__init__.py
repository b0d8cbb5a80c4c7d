"""What happens in both passes, in numbers and in words."""

from autograd.show.story.events import Event, events_of
from autograd.show.story.telling import Figure, Teller, Told, figure, on_one_line, step_names

__all__ = ["Event", "Figure", "Teller", "Told", "events_of", "figure", "on_one_line", "step_names"]
