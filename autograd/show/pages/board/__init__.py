"""watch: a page that shows the Values of a session or a file."""

from autograd.show.pages.board.file_watching import watch_file
from autograd.show.pages.board.watching import unwatch, watch

__all__ = ["unwatch", "watch", "watch_file"]
