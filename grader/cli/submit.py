"""`grade submit ex03`: pack the answer for the instructor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.arguments import exercise_argument
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.catalog import Course
    from grader.course.models import Exercise
    from grader.submission import Submission

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Pack your answer for the instructor.

    Writes a zip with your file and its checksum into the folder that you are in; hand it in as
    you were told. With --git, commits your file and tags the commit instead.""",
    zh="""把你的答案打包交给老师。

    \b
    在当前文件夹写出一个 zip，内含你的文件和校验和；请按老师的要求提交它。
    加上 --git 则改为提交（commit）你的文件，并打上标签（tag）。""",
)
_FILE: Final = Text(
    en="The file to pack; that of the exercise by default.", zh="要打包的文件；默认是练习中的文件。"
)
_OUT: Final = Text(en="The archive to write.", zh="要写出的压缩文件。")
_GIT: Final = Text(en="Commit and tag it in place of an archive.", zh="不打包，改为提交并打标签。")
_PACKED: Final = Text(
    en="{out} holds your answer to {exercise}.", zh="{out} 中是你对 {exercise} 的答案。"
)
_SUM: Final = Text(
    en="sha256 of {file}:\n  {sha256}\nYour report names the same sum, which shows "
    "that this very file was graded.",
    zh="{file} 的 sha256：\n  {sha256}\n"
    "之后拿到的报告里会有同样的校验和：由此可知评的就是这个文件。",
)
_TAGGED: Final = Text(
    en="Commit {commit} is tagged {tag}.\nHand it in:  git push origin HEAD {tag}",
    zh="提交 {commit} 已打上标签 {tag}。\n交作业：  git push origin HEAD {tag}",
)
_AS_HANDED_OUT: Final = Text(
    en="Note: {} is still as it was handed out.", zh="注意：{} 还是发放时的样子。"
)
_UNGRADED: Final = Text(
    en="Note: {file} has not been graded as it is now; `grade {exercise}` does.",
    zh="注意：{file} 当前的内容还没有评过分；可运行 `grade {exercise}`。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @exercise_argument(language)
    @click.option("--file", type=click.Path(path_type=Path), help=_FILE.to(language))
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=_OUT.to(language))
    @click.option("--git", "by_git", is_flag=True, help=_GIT.to(language))
    def run(exercise: str, *, file: Path | None, out: Path | None, by_git: bool) -> None:
        from grader.cli.working_copy import choose_file
        from grader.course.catalog import find_course, load_unpinned
        from grader.submission import read_submission
        from grader.submission.siblings import with_siblings

        course = find_course()
        chosen = load_unpinned(course, exercise)
        path = file or choose_file(chosen, language)
        submission = with_siblings(read_submission(path), path.parent)
        if by_git:
            _tag(chosen, submission, language)
        else:
            _pack(chosen, submission, out or Path(f"{chosen.name}.zip"), language)
        _advise(course, chosen, submission, language)

    return run


def _pack(exercise: Exercise, submission: Submission, out: Path, language: Language) -> None:
    from grader.working_copy.hand_in import write_archive

    description = write_archive(exercise, submission, out)
    click.echo(_PACKED.to(language).format(out=out, exercise=exercise.id))
    click.echo(_SUM.to(language).format(**description))


def _tag(exercise: Exercise, submission: Submission, language: Language) -> None:
    from grader.working_copy.hand_in import tag_answer

    click.echo(_TAGGED.to(language).format(**tag_answer(exercise, submission)._asdict()))


def _advise(course: Course, exercise: Exercise, submission: Submission, language: Language) -> None:
    """Say what the student may have overlooked; they hand in what they like."""
    from grader.cli.remembered import remembered
    from grader.cli.working_copy import changed_files, is_working_copy

    file = Path(submission.path)
    if not is_working_copy(file, exercise):
        return
    if not any(file.samefile(changed) for changed in changed_files(exercise)):
        click.echo(_AS_HANDED_OUT.to(language).format(file.name), err=True)
    elif remembered(course, language).of(exercise.id).sha256 != submission.sha256:
        note = _UNGRADED.to(language).format(file=file.name, exercise=exercise.id)
        click.echo(note, err=True)
