"""What happens in both passes, in numbers and in words."""

from autograd.show.story.events import Event, events_of, forward_mode_events
from autograd.show.story.lines import Cell, Line, three_lines
from autograd.show.story.marks import AHEAD, MARKS, Moment, marks_of, moment_after
from autograd.show.story.sentences import equals
from autograd.show.story.story import Story, StoryLabels, input_of, require_mode
from autograd.show.story.telling import Teller, Told, numbers_in, on_one_line, result_sign

__all__ = [
    "AHEAD", "MARKS", "Cell", "Event", "Line", "Moment", "Story", "StoryLabels", "Teller", "Told",
    "equals", "events_of", "forward_mode_events", "input_of", "marks_of", "moment_after",
    "numbers_in", "on_one_line", "require_mode", "result_sign", "three_lines",
]  # fmt: skip
