"""Sets up, grades a half-right answer to exercise 3, shows it and writes the report.

`python3 scripts/demo.py [--lang en|zh]`: more options are passed on to `grade ex03`.
"""

from __future__ import annotations

import os
import sys

from environment import ROOT, prepare, run, say

SAMPLE = ROOT / "samples" / "ex03_half_right.py"
REPORT = ROOT / "build" / "ex03-report.json"
ACTIVATE = r".venv\Scripts\activate" if os.name == "nt" else "source .venv/bin/activate"
NEXT = (
    """
The report: {report}
That was a sample answer. Now you: run `{activate}`, then `grade`, which says what is next.""",
    """
完整报告：{report}
上面评的是一份示例答案。现在轮到你：先运行 `{activate}`，再运行 `grade`，它会告诉你下一步。""",
)


def main() -> int:
    """Grade the sample and return an exit code."""
    python = prepare()
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    grade = ["-m", "grader.cli", "ex03", "--file", str(SAMPLE), "--json", str(REPORT)]
    code = run(python, *grade, *sys.argv[1:])
    # 1 says that the answer lacks points, which is what this sample is for.
    if code not in (0, 1) or not REPORT.is_file():
        return code or 1
    print(say(*NEXT).format(report=REPORT.relative_to(ROOT), activate=ACTIVATE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
