"""The options that `grade ex03` and `grade FILE` share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from grader.cli.options import NO_SERVER
from grader.language import Language, Text
from grader.seed import MAX_SEED, draw_seed

if TYPE_CHECKING:
    from grader.course.models import Exercise
    from grader.pipeline import GradeRequest
    from grader.report.model import Report
    from grader.worker.likeness import Matching

__all__ = ["GradingOptions", "grading_options"]

_Run = Callable[..., int]

_STDOUT: Final = "-"

_JSON: Final = Text(
    en="Write the full report as JSON to this file; - prints it instead of the texts.",
    zh="把完整报告以 JSON 写入该文件；- 表示直接打印，不再显示文字。",
)
_SEED: Final = Text(
    en="Repeat a run exactly: its seed stands in the report.",
    zh="精确重现某次评分：种子写在报告里。",
)
_DEVICE: Final = Text(en="Where tensors live.", zh="张量所在的设备。")
_SANDBOX: Final = Text(
    en="strict refuses to grade unless every lock works; off is for debugging only; podman and "
    "docker run the code in a container.",
    zh="strict：任何一项隔离不可用就拒绝评分；off 仅用于调试；podman 和 docker：在容器中运行代码。",
)
_ALL: Final = Text(
    en="Explain everything that failed, not only what to look at first.",
    zh="说明所有未通过的检查，而不只是最先要看的那一项。",
)
_MATCH: Final = Text(
    en="How names are found: exact; near, where a misspelt one will do (the default); behaviour, "
    "where what does the same will do, as in a script that has none of the names.",
    zh="如何寻找练习要求的名称：exact 完全一致；near 拼写相近也可以（默认）；"
    "behaviour 作用相同即可，用于没有这些名称的脚本。",
)
_RUN_ALL: Final = Text(
    en="Run every statement of the file, not only what the tasks need.",
    zh="运行文件中的全部语句，而不只是任务需要的部分。",
)


class GradingOptions(NamedTuple):
    """How to grade, and where the report goes."""

    json_out: str | None
    seed: int
    device: str
    sandbox: str
    show_all: bool
    run_all: bool
    match: Matching | None
    no_server: bool

    @property
    def prints_json(self) -> bool:
        """Whether stdout is for the report, and no text may go there."""
        return self.json_out == _STDOUT

    def request(self, exercise: Exercise, file: Path, *, pictures: bool = False) -> GradeRequest:
        """Ask for the grading of a file."""
        from grader.pipeline import GradeRequest
        from grader.server import settings

        return GradeRequest(
            exercise=exercise,
            file=file,
            seed=self.seed,
            device=self.device,
            sandbox=self.sandbox,
            run_all=self.run_all,
            match=self.match or "auto",
            pictures=pictures,
            use_server=settings.is_wanted() and not self.no_server,
        )

    def publish(self, report: Report) -> None:
        """Write or print the report as JSON, where that was asked for."""
        if self.prints_json:
            click.echo(report.to_json(), nl=False)
        elif self.json_out is not None:
            from grader.report.write import write_report

            write_report(report, Path(self.json_out))


def grading_options(language: Language) -> Callable[[_Run], _Run]:
    """Make the options that say how to grade, and where the report goes.

    The command gets them together, as `how`.
    """

    def say(text: Text) -> str:
        return text.to(language)

    options = (
        click.option("--json", "json_out", metavar="OUT", help=say(_JSON)),
        click.option("--seed", type=click.IntRange(0, MAX_SEED), metavar="N", help=say(_SEED)),
        click.option(
            "--device",
            type=click.Choice(["auto", "cpu", "cuda", "mps"]),
            default="auto",
            show_default=True,
            help=say(_DEVICE),
        ),
        click.option(
            "--sandbox",
            type=click.Choice(["auto", "strict", "off", "podman", "docker"]),
            default="auto",
            show_default=True,
            help=say(_SANDBOX),
        ),
        click.option("--all", "-v", "show_all", is_flag=True, help=say(_ALL)),
        click.option("--run-all", is_flag=True, help=say(_RUN_ALL)),
        click.option(
            "--match", type=click.Choice(["exact", "near", "behaviour"]), help=say(_MATCH)
        ),
        click.option("--no-server", is_flag=True, help=say(NO_SERVER)),
    )

    def add(function: _Run) -> _Run:
        @functools.wraps(function)
        def run(*, seed: int | None, **given: Any) -> int:  # noqa: ANN401 - of many types
            given["seed"] = draw_seed() if seed is None else seed
            how = GradingOptions(**{name: given.pop(name) for name in GradingOptions._fields})
            return function(how=how, **given)

        decorated: _Run = run
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return add
