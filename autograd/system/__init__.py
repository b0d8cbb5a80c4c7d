"""Files written whole, processes that run a student's file, and the terminal key by key."""

from autograd.system.console import Console, has_console
from autograd.system.files import open_in_browser, write_whole
from autograd.system.process_group import end_group, start_group

__all__ = ["Console", "end_group", "has_console", "open_in_browser", "start_group", "write_whole"]
