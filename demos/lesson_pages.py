"""A small gallery of lessons, each a page to step through in a browser.

python -m demos.lesson_pages
"""

import html
from pathlib import Path

from autograd import Value, lesson, logsumexp, relu, tanh
from demos.output_folder import output_path, say, shown
from demos.running import run_demo, try_next


def expression() -> Value:
    """tanh(a*b + c)"""
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(6.5, label="c")
    y = tanh(a * b + c)
    y.label = "y"
    return y


def neuron() -> Value:
    """Two inputs, two weights, a bias, and how far the activation is from its target."""
    x = [Value(2.0, label="x[0]"), Value(-1.0, label="x[1]")]
    w = [Value(0.5, label="w[0]"), Value(1.5, label="w[1]")]
    activation = tanh(w[0] * x[0] + w[1] * x[1] + Value(1.0, label="b"))
    activation.label = "activation"
    loss = (activation - 1.0) ** 2
    loss.label = "loss"
    return loss


def diamond() -> Value:
    """y = t*x + s, t = s + 1, s = x*x: gradients add up where paths meet again."""
    x = Value(3.0, label="x")
    s = x * x
    t = s + 1.0
    s.label, t.label = "s", "t"
    y = t * x + s
    y.label = "y"
    return y


def dead_relu() -> Value:
    """The relu is flat where it is: nothing comes through it."""
    x, w, b = Value(1.0, label="x"), Value(-2.0, label="w"), Value(0.5, label="b")
    hidden = relu(w * x + b)
    hidden.label = "hidden"
    loss = (hidden - 1.0) ** 2
    loss.label = "loss"
    return loss


def softmax_cross_entropy() -> Value:
    """-log softmax of the right class among three: its gradient is softmax minus one-hot."""
    logits = [Value(number, label=f"z[{k}]") for k, number in enumerate([2.0, 1.0, -1.0])]
    loss: Value = logsumexp(logits) - logits[0]
    loss.label = "loss"
    return loss


GALLERY = (expression, neuron, diamond, dead_relu, softmax_cross_entropy)


def write_gallery() -> Path:
    """Write a page for each graph, and one that leads to them; return the path of that."""
    links = []
    for build in GALLERY:
        name, about = build.__name__, html.escape(build.__doc__ or "")
        page = f"lesson_{name}.html"
        say(f"    {lesson(build(), output_path(page), names={})}")
        links.append(f'<li><a href="{page}">{name.replace("_", " ")}</a><br>{about}</li>')
    index = output_path("lessons.html")
    index.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Lessons</title>'
        '<meta name="viewport" content="width=device-width"><style>body{font:1.5rem/1.5 system-ui;'
        "max-width:40rem;margin:2rem auto;padding:0 1rem}html{color-scheme:light dark}</style>"
        f"<h1>Lessons</h1><ul>{''.join(links)}</ul></html>\n",
        encoding="utf-8",
    )
    return index


def main() -> None:
    say("Five graphs to step through: the forward pass, then the chain rule, edge by edge.\n")
    index = write_gallery()
    say(
        "\nLook at the diamond: x gets three contributions, and its gradient is their sum, 34.\n"
        "Look at the dead relu: a gradient of zero stops everything behind it.\n"
        "Look at the last one: each z gets its probability, the right class minus 1.\n"
        f"\nOpen {shown(index)} in a browser: arrow keys step, a click on a node shows its detail."
    )
    try_next(
        'lesson(y, "mine.html") of an expression of your own',
        "drag a leaf in the page: which gradients stay as they are?",
    )


if __name__ == "__main__":
    run_demo(main)
