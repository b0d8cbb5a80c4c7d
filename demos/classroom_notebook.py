"""The notebook of a class of 50 minutes, demos/classroom.ipynb: runs it and writes its outputs.

python -m demos.classroom_notebook
"""

import os
import re
from pathlib import Path
from typing import Any

from autograd.system import write_whole
from demos.extras import imports_from
from demos.output_folder import say, shown
from demos.running import run_demo

with imports_from("notebook"):
    import nbformat
    from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent / "classroom.ipynb"
MOST_SECONDS = 120  # for one cell


def run(folder: Path) -> Any:
    """Return the notebook after a run in ``folder``.

    Raises nbclient's CellExecutionError where a cell fails.
    """
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=MOST_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
    )
    project = str(NOTEBOOK.parent.parent)  # whose autograd it is to be, installed or not
    others = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([project, others] if others else [project])
    client.execute(env=os.environ | {"PYTHONPATH": path})
    return notebook


def written(notebook: Any) -> str:
    """Return the notebook as a file, the same from run to run.

    Cells are numbered, and neither times nor versions are kept, nor whole pages.
    """
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for k, cell in enumerate(notebook.cells):
        cell.id = f"cell-{k:02}"
        cell.metadata = {}
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop("text/html", None)  # pages of half a megabyte, which run only in Jupyter
            if "text/plain" in data:  # <IPython.core.display.SVG at 0x7f...>
                data["text/plain"] = re.sub(" at 0x[0-9a-f]+", "", data["text/plain"])
    text: str = nbformat.writes(notebook)
    return text + "\n"


def main() -> None:
    write_whole(NOTEBOOK, written(run(NOTEBOOK.parent)))
    say(f"wrote {shown(NOTEBOOK)} with its outputs; open it in Jupyter")


if __name__ == "__main__":
    run_demo(main)
