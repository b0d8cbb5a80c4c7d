"""The rows of a worksheet: each is a step of the passes, told or left blank."""

import html
from collections.abc import Iterable

from autograd.show.story import Event, Teller
from autograd.wording import printable, word

LINE = '<span class="line"></span>'  # to write a number on


def blank_forward(teller: Teller, event: Event) -> str:
    return escaped(f"{teller.name(event.node)} = {teller.made(event.node)} = ") + LINE


def blank_row(teller: Teller, event: Event) -> str:
    local = f"{escaped(_partial(teller, event))} = {LINE}"
    product = "" if event.kind == "seed" else f"{LINE} × {LINE} = {LINE}"
    gradient = f"{escaped(teller.gradient(event.receiver))} = {LINE}"
    return _cells(edge_of(teller, event), local, product, gradient)


def solved_row(teller: Teller, event: Event, *, is_complete: bool) -> str:
    partial, product = _partial(teller, event), ""
    if event.kind == "seed":
        local = teller.written(event.after).equation(partial)
    else:
        formula, number = teller.labels.local_parts(event.node)[event.position]
        local = number.equation(f"{partial} = {formula}" if formula else partial)
        product = teller.numbers(event)
    gradient = escaped(teller.sum(event))
    return _cells(
        edge_of(teller, event),
        escaped(local),
        escaped(product),
        f"<b>{gradient}</b>" if is_complete else gradient,
    )


def edge_of(teller: Teller, event: Event) -> str:
    return escaped(teller.name(event.node) if event.kind == "seed" else teller.title(event))


def _partial(teller: Teller, event: Event) -> str:
    if event.kind == "seed":
        name = teller.name(event.node)
        return f"∂{name}/∂{name}"
    return teller.labels.partial(event.node, event.position)


def _cells(edge: str, *others: str) -> str:
    cells = "".join(f"<td>{cell}</td>" for cell in others)
    return f'<tr><th scope="row">{edge}</th>{cells}</tr>'


def figure(svg: str) -> str:
    return f'<figure role="img" aria-label="{escaped(word("picture"))}">{svg}</figure>'


def table(rows: Iterable[str]) -> str:
    keys = ("edge", "local derivative", "contribution", "gradient so far")
    heads = "".join(f'<th scope="col">{escaped(word(key))}</th>' for key in keys)
    head = f"<h2>{escaped(word('backward pass'))}</h2>"
    return (
        f"{head}<table><thead><tr>{heads}</tr></thead><tbody>\n"
        + "\n".join(rows)
        + "</tbody></table>"
    )


def list_of(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{line}</li>" for line in lines)
    head = f"<h2>{escaped(word('forward pass'))}</h2>"
    return f'{head}<ul class="forward">{items}</ul>' if items else ""


def squares() -> str:
    """Return squared paper as the path of an SVG, in CSS pixels."""
    step = 5 / 25.4 * 96
    lines = [f"M{k * step:.1f} 0v1000" for k in range(37)]
    return "".join(lines + [f"M0 {k * step:.1f}h{36 * step:.1f}" for k in range(40)])


def escaped(text: str) -> str:
    return html.escape(printable(text))
