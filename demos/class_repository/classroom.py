"""Hand the points of a check on to GitHub Classroom: ``python classroom.py report.json``.

Prints the line ``result=...`` that a step of the workflow writes to $GITHUB_OUTPUT, and that
classroom-resources/autograding-grading-reporter reads: JSON in base64, a test for each part of the
points, with its score.
"""

import base64
import json
import sys
from pathlib import Path
from typing import Any


def for_reporter(report: dict[str, Any]) -> dict[str, Any]:
    """Return what the reporter reads, from a report that was made with --points."""
    points = report["points"]
    tests = [
        {
            "name": part["name"],
            "status": "pass" if part["earned"] == part["points"] else "fail",
            "score": round(part["earned"], 2),
            "message": report.get("error", ""),
            "test_code": "",
            "filename": "",
            "line_no": 0,
            "duration": 0,
        }
        for part in points["parts"]
    ]
    is_full = points["earned"] >= points["of"]
    status = "pass" if is_full else "fail"
    return {"version": 1, "status": status, "max_score": points["of"], "tests": tests}


def read_report(path: str) -> dict[str, Any]:
    """Return a report with points; ends the program if the file has none."""
    try:
        report: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        if "points" in report:
            return report
    except (OSError, ValueError):
        pass
    sys.exit(f"{path} has no points: is CHECK_SEED set, and was it made with --points?")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("name the report, and nothing else: python classroom.py report.json")
    text = json.dumps(for_reporter(read_report(sys.argv[1])))
    print(f"result={base64.b64encode(text.encode()).decode()}")
