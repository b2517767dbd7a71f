"""`grade init-ci PLACE`: write what a place needs to grade pushes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from grader.errors import ReportNotWrittenError, UsageError
from grader.language import Language, Text
from grader.templates import PLACES, Place, read_template

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Write what a place needs to grade what is pushed there.

    PLACE is github, gitlab, gitea (Forgejo too), jenkins, or hook, which is for a git server of
    your own. docs/ci/ has a page on each. A file that was changed is not replaced without
    --force.""",
    zh="""写出某个平台为推送评分所需的文件。

    \b
    PLACE 是 github、gitlab、gitea（也适用于 Forgejo）、jenkins，
    或 hook（用于你自己的 git 服务器）。
    每个平台的说明见 docs/ci/。没有 --force 时不会替换已修改的文件。""",
)
_OUT: Final = Text(
    en="The top of the repository, or the folder for the hook; by default the working folder.",
    zh="仓库的顶层文件夹，或存放钩子的文件夹；默认为当前文件夹。",
)
_FORCE: Final = Text(en="Replace files that were changed.", zh="替换已修改的文件。")


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("place", type=click.Choice(list(PLACES)))
    @click.option("--out", type=click.Path(path_type=Path), default=Path(), help=_OUT.to(language))
    @click.option("--force", is_flag=True, help=_FORCE.to(language))
    def run(*, place: str, out: Path, force: bool) -> None:
        for path in _write(PLACES[place], out, force=force):
            click.echo(str(path))

    return run


def _write(place: Place, out: Path, *, force: bool) -> list[Path]:
    """Write all files, or none where one of them would be lost; give what was written."""
    contents = {out / name: read_template(template) for name, template in place.files.items()}
    try:
        changed = [path for path, content in contents.items() if _is_changed(path, content)]
        if changed and not force:
            raise _taken(changed)
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            # What a link leads to is not ours.
            path.unlink(missing_ok=True)
            path.write_bytes(content)
            if path.name in place.programs:
                path.chmod(0o755)
    except OSError as error:
        raise _not_written(out, error) from error
    return list(contents)


def _is_changed(path: Path, content: bytes) -> bool:
    return path.is_symlink() or (path.exists() and path.read_bytes() != content)


def _taken(paths: list[Path]) -> UsageError:
    names = ", ".join(map(str, paths))
    return UsageError(
        Text(en=f"there already, with another content: {names}", zh=f"已存在且内容不同：{names}"),
        hint=Text(
            en="Look what is in there; `--force` replaces it.",
            zh="请先查看其内容；`--force` 会替换它。",
        ),
    )


def _not_written(out: Path, error: OSError) -> ReportNotWrittenError:
    cause = error.strerror or str(error)
    place = error.filename or out
    return ReportNotWrittenError(
        Text(en=f"{place} could not be written: {cause}", zh=f"无法写入 {place}：{cause}"),
        hint=Text(
            en="Name a folder that you may write to with `--out`.",
            zh="请用 `--out` 指定有写权限的文件夹。",
        ),
    )
