"""Files written whole, processes that run a student's file, the terminal by lines and by keys."""

from autograd.system.asking import ask, input_is_typed, is_piped
from autograd.system.console import Console, drop_output, has_console
from autograd.system.files import open_in_browser, write_whole
from autograd.system.process_group import end_group, start_group

__all__ = [
    "Console", "ask", "drop_output", "end_group", "has_console", "input_is_typed", "is_piped",
    "open_in_browser", "start_group", "write_whole",
]  # fmt: skip
