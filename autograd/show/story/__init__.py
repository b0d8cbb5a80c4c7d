"""What happens in both passes, in numbers and in words."""

from autograd.show.story.events import Event, events_of
from autograd.show.story.marks import AHEAD, MARKS, Moment, marks_of, moment_after
from autograd.show.story.sentences import equals, sentence_as_json
from autograd.show.story.story import Story, StoryLabels
from autograd.show.story.telling import Teller, Told, on_one_line

__all__ = [
    "AHEAD", "MARKS", "Event", "Moment", "Story", "StoryLabels", "Teller", "Told", "equals",
    "events_of", "marks_of", "moment_after", "on_one_line", "sentence_as_json",
]  # fmt: skip
