"""What our pages share: their parts, their colours, and the policy that keeps them safe."""

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from importlib.resources import files
from string import Template

from autograd.show.picture import LOOKS, THEMES, Theme
from autograd.wording import word

HERE = "autograd.show.pages"


def page(
    name: str,
    words: tuple[str, ...],
    *,
    scripts: Sequence[str] = (),
    program: str = "",
    folder: str = HERE,
    scripts_from: str = "",
    frames: Sequence[str] = (),
    **parts: str,
) -> str:
    """Return the page ``name``.html with its style and scripts in it, and nothing else allowed.

    ``words`` are filled in escaped; ``parts`` as they are. The one script of the page is made of
    the files ``scripts``, else of ``name``.js; ``program``, written for this page, stands in front
    of them. ``folder`` is the package that holds all these files. ``scripts_from`` is one more
    source of scripts for the Content-Security-Policy. ``frames`` are pages that this one can show
    in a frame by ``srcdoc``: there its policy holds too, so it allows what theirs allow.
    """
    files_in_turn = [_spare(part(file, folder)) for file in scripts or (f"{name}.js",)]
    script = "\n".join(['"use strict";', _spare(program), *files_in_turn])
    styles = _allowed_by(frames, "style-src")
    allowed = [_hash(script), *scripts_from.split(), *_allowed_by(frames, "script-src")]
    policy = f"; script-src {' '.join(dict.fromkeys(allowed))}"
    return _filled(name, words, _colours(), policy, styles, folder, script=script, **parts)


def paper(name: str, words: tuple[str, ...], **parts: str) -> str:
    """Return the page as ``page`` does, but in black and white, to be printed, with no script."""
    return _filled(name, words, f":root{{{_variables(THEMES['print'], 'print')}}}\n", **parts)


def _filled(
    name: str,
    words: tuple[str, ...],
    colours: str,
    policy: str = "",
    styles: Sequence[str] = (),
    folder: str = HERE,
    **parts: str,
) -> str:
    style = "\n".join([colours, part("graph/graph.css"), _looks(), part(f"{name}.css", folder)])
    policy = (
        f"default-src 'none'; style-src {' '.join(dict.fromkeys([_hash(style), *styles]))}; "
        f"base-uri 'none'; form-action 'none'{policy}"
    )
    named = {f"word_{key}".replace(" ", "_"): html.escape(word(key)) for key in words}
    return Template(part(f"{name}.html", folder)).substitute(
        named, policy=policy, style=style, **parts
    )


def part(name: str, folder: str = HERE) -> str:
    """Return a file of a page, such as ``board/board.js``."""
    return files(folder).joinpath(name).read_text(encoding="utf-8")


def _spare(script: str) -> str:
    """Return a script without the comments that have lines of their own, and without indents."""
    script = re.sub(r"^[ \t]*/\*\*.*?\*/\n", "", script, flags=re.M | re.S)
    return re.sub(r"^[ \t]*//.*\n|^[ \t]+", "", script, flags=re.M)


def _hash(text: str) -> str:
    """Return the name by which the policy allows a style or a script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _allowed_by(pages: Sequence[str], directive: str) -> list[str]:
    """Return the sources that the policies of pages name for a directive."""
    of_each = (re.split('[;"]', text.partition(directive)[2], maxsplit=1)[0] for text in pages)
    return [source for sources in of_each for source in sources.split()]


def _colours() -> str:
    """Return the themes as CSS: light or dark as the reader's system has it, or as chosen."""
    light, dark = (_variables(THEMES[name], name) for name in ("projector", "dark"))
    return (
        f":root{{{light}}}\n@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"
        f':root[data-theme="light"]{{{light}}}\n:root[data-theme="dark"]{{{dark}}}\n'
        f"@media print{{:root,:root[data-theme]{{{light}}}}}\n"
    )


def _looks() -> str:
    """Return the looks of boxes and edges as CSS, from the table that pictures read."""
    rules = []
    for name, look in LOOKS.items():
        stroke = f"stroke:var(--{look.colour})"
        dashes = ";stroke-dasharray:5 3" if look.dashed else ""
        rules += [
            f".graph .{name} path:not(.hit){{{stroke};stroke-width:{look.width}{dashes}}}",
            f".graph .{name} polyline{{{stroke}}}",
            f".graph .edge.{name} polygon{{{stroke};fill:var(--{look.colour})}}",
        ]
    return "\n".join(rules)


def _variables(theme: Theme, name: str) -> str:
    colours = "".join(f"--{meaning}:{colour};" for meaning, colour in theme._asdict().items())
    return f"color-scheme:{'dark' if name == 'dark' else 'light'};{colours}--line:{theme.quiet}66"
