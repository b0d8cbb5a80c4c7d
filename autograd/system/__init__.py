"""Files written whole, and processes that run a student's file."""

from autograd.system.files import open_in_browser, write_whole
from autograd.system.process_group import end_group, start_group

__all__ = ["end_group", "open_in_browser", "start_group", "write_whole"]
