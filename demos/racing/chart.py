"""The chart of a race: who takes how many times as long, on a scale of tens."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from demos.extras import imports_from
from demos.racing.contestants import CONTESTANTS
from demos.racing.tables import measure_of, times_text
from demos.racing.timing import Race


def chart(races: Sequence[Race]) -> bytes:
    """Return an SVG with a panel for each workload, and a bar for each contestant."""
    from demos.plotting import new_figure

    with imports_from("race"):
        from matplotlib import rc_context

    n = len(races)
    across = 2 if n > 1 else 1
    figure, axes = new_figure(across, -(-n // across), width=8.5, height=5)
    panels = list(axes.flat) if n > 1 else [axes]
    for panel, race in zip(panels, races, strict=False):
        draw(panel, race)
    for panel in panels[n:]:
        panel.set_axis_off()
    figure.tight_layout()
    file = BytesIO()
    with rc_context({"svg.fonttype": "none"}):  # words stay words
        figure.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None})
    return file.getvalue()


def draw(panel: Any, race: Race) -> None:
    """Draw a bar for how many times as long as the measure a contestant takes."""
    from demos.plotting import BLUE, ORANGE

    measure = measure_of(race)
    assert measure is not None
    keys = sorted(race.seconds, key=race.median)
    ratios = [race.ratio(key, measure) for key in keys]
    own = [CONTESTANTS[key].file in ("with_chalkgrad", "with_node") for key in keys]
    colours = [BLUE if is_own else ORANGE for is_own in own]
    panel.barh(range(len(keys)), ratios, color=colours)
    panel.set_yticks(range(len(keys)), [CONTESTANTS[key].title for key in keys], fontsize=11)
    panel.set(
        xscale="log",
        title=race.workload.title,
        xlabel=f"times as long as {CONTESTANTS[measure].title}",
    )
    panel.set_xlim(min(0.3, *ratios), max(ratios) * 15)
    for place, ratio in enumerate(ratios):
        panel.text(ratio * 1.1, place, times_text(ratio), va="center", fontsize=11)
    panel.invert_yaxis()
    panel.spines[["top", "right"]].set_visible(False)
