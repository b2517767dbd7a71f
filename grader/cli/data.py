"""`grade data`: the data sets, where they are, and how to get them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.datasets.fetch import Progress
    from grader.datasets.image_sets import ImageSet

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""List the data sets, or make sure that one is here.

    `grade data` lists them. `grade data shapes10` draws the images of the course, which takes
    seconds and needs no network. `grade data cifar10` fetches the real CIFAR-10 (170 MB); the
    exercises use it from then on.

    They go into datasets/ of the course, or into your cache folder where that may not be
    written to. Ends with 5 if a data set cannot be had.""",
    zh="""列出数据集，或确保某个数据集已就绪。

    \b
    `grade data` 列出所有数据集。`grade data shapes10` 绘制课程自带的图像，
    只需几秒，不需要网络。`grade data cifar10` 下载真正的 CIFAR-10（170 MB），
    之后练习就会使用它。

    \b
    文件放在课程的 datasets/ 中；如果那里不可写，就放在你的缓存文件夹中。
    如果得不到数据集，退出码为 5。""",
)
_ROOT: Final = Text(
    en="The folder for data sets; the variable GRADE_DATA names it for good.",
    zh="存放数据集的文件夹；环境变量 GRADE_DATA 可以长期指定它。",
)
_NOT_HERE: Final = Text(en="not here yet: `grade data {}`", zh="尚未就绪：`grade data {}`")
_FETCHING: Final = Text(en="Fetching {}", zh="正在下载 {}")


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("image_set", metavar="[cifar10|shapes10]", required=False)
    @click.option("--root", type=click.Path(path_type=Path), help=_ROOT.to(language))
    def run(*, image_set: str | None, root: Path | None) -> None:
        from grader.datasets.image_sets import image_set_of
        from grader.datasets.store import stores

        folders = (root.absolute(),) if root else stores()
        if image_set is None:
            _list(folders, language)
        else:
            click.echo(str(_provide(image_set_of(image_set), folders, language)))

    return run


def _list(folders: Sequence[Path], language: Language) -> None:
    from grader.datasets.image_sets import IMAGE_SETS
    from grader.datasets.store import locate

    for image_set in IMAGE_SETS:
        root = locate(image_set, folders)
        place = str(root) if root else _NOT_HERE.to(language).format(image_set.name)
        click.echo(f"{image_set.title.to(language)}\n    {place}")


def _provide(image_set: ImageSet, folders: Sequence[Path], language: Language) -> Path:
    """Give the root of a complete copy; make or fetch it first where there is none."""
    from grader.datasets.fetch import fetch
    from grader.datasets.store import install, locate, write_shapes10

    if root := locate(image_set, folders):
        return root
    if not image_set.url:
        return install(image_set, write_shapes10, folders)
    with _progress_bar(image_set, language) as progress:
        return fetch(image_set, folders, progress)


@contextmanager
def _progress_bar(image_set: ImageSet, language: Language) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        title = _FETCHING.to(language).format(image_set.name)
        task = bar.add_task(title, total=image_set.archive_bytes)
        yield lambda done: bar.update(task, completed=done)
