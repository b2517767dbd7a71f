"""`grade seal --out suites.sealed`: pack what students must not read, for places that they can."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from grader.errors import UsageError
from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Encrypt suites, solutions and wrong answers into one file.

    `grade ci --suites FILE` opens it in memory, on a machine that students do not control. The key
    comes from --key-file or the variable GRADE_SEAL_KEY: an identity of age, or a passphrase.
    docs/ci.md says which layout gives a grade of record.""",
    zh="""把测试套件、参考答案和错误答案加密成一个文件。

    \b
    `grade ci --suites 文件` 在内存中打开它，应在学生无法控制的机器上运行。
    密钥来自 --key-file 或环境变量 GRADE_SEAL_KEY：age 的密钥，或一句口令。
    哪种布局能给出正式成绩，见 docs/ci.md。""",
)
_OUT: Final = Text(en="The file to write.", zh="要写入的文件。")
_EXERCISE: Final = Text(
    en="Only this exercise; may be repeated.", zh="只包含这个练习；可重复指定。"
)
_KEY_FILE: Final = Text(
    en="The file with the key, in place of GRADE_SEAL_KEY.",
    zh="密钥文件，代替环境变量 GRADE_SEAL_KEY。",
)
_NEW_KEY: Final = Text(
    en="Write a new key to this file, and do nothing else.", zh="把新密钥写入该文件，不做其他事。"
)
_NOTHING: Final = Text(en="neither --out nor --new-key was given", zh="没有指定 --out 或 --new-key")
_NO_KEY: Final = Text(en="there is no key to seal with", zh="没有用于封装的密钥")
_GIVE_KEY: Final = Text(
    en="Name it with `--key-file`, or set GRADE_SEAL_KEY; `grade seal --new-key FILE` makes one.",
    zh="请用 `--key-file` 指定，或设置 GRADE_SEAL_KEY；`grade seal --new-key 文件` 会生成密钥。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    def say(text: Text) -> str:
        return text.to(language)

    @click.command(name, help=say(_ABOUT))
    @click.option("--out", type=click.Path(path_type=Path), help=say(_OUT))
    @click.option("--exercise", "names", multiple=True, metavar="exNN", help=say(_EXERCISE))
    @click.option("--key-file", type=click.Path(path_type=Path), help=say(_KEY_FILE))
    @click.option("--new-key", type=click.Path(path_type=Path), help=say(_NEW_KEY))
    def run(
        *, out: Path | None, names: tuple[str, ...], key_file: Path | None, new_key: Path | None
    ) -> None:
        if new_key is not None:
            from grader.cli.key_files import KeyFile, write_key_files
            from grader.seal.age import new_key as make_key

            write_key_files(KeyFile(new_key, make_key().encode("ascii")))
        elif out is None:
            raise UsageError(
                _NOTHING, hint=Text(en="Add `--out FILE`.", zh="请加上 `--out 文件`。")
            )
        else:
            _seal(out, names, key_file)

    return run


def _seal(out: Path, names: tuple[str, ...], key_file: Path | None) -> None:
    from grader.atomic import write_atomically
    from grader.course.catalog import find_course, load_exercises
    from grader.seal.keys import take_key
    from grader.seal.package import seal

    key = take_key(key_file)
    if key is None:
        raise UsageError(_NO_KEY, hint=_GIVE_KEY)
    write_atomically(out, seal(load_exercises(find_course(), names), key))
    click.echo(str(out))
