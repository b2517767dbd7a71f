"""`grade verify report.json --key PUB`: is this what was signed?"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from grader.errors import EXIT_BELOW, EXIT_OK, UsageError
from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Say whether reports are what the owner of a key has signed, byte for byte.

    `grade batch --sign` and `grade ci --sign` sign. Ends with 0 if all are, 1 if one is not: it
    was changed, signed with another key or not at all, or is about another file than --file.""",
    zh="""验证报告是否与密钥所有者签名时逐字节一致。

    \b
    签名由 `grade batch --sign` 和 `grade ci --sign` 完成。
    全部一致时退出码为 0；否则为 1：报告被改动、由其他密钥签名或未签名，
    或与 --file 指定的文件不符。""",
)
_KEY: Final = Text(en="The public key.", zh="公钥。")
_FILE: Final = Text(
    en="The submission that the report should be about.", zh="报告应当对应的提交文件。"
)
_NEW_KEY: Final = Text(
    en="Write a new pair of keys to this file and to FILE.pub, and do nothing else.",
    zh="把一对新密钥写入该文件和“文件.pub”，不做其他事。",
)
_NO_KEY: Final = Text(en="no key to verify with was named", zh="没有指定用于验证的密钥")
_NO_REPORT: Final = Text(en="no report was named", zh="没有指定报告")
_ONE_FILE: Final = Text(en="--file is about one report", zh="--file 只能用于一份报告")
_REFUSED: Final = Text(en="{name}: refused: {reason}", zh="{name}：拒绝：{reason}")
_GOOD: Final = Text(
    en="{name}: as it was signed: {exercise}, {score}, file {sha256}",
    zh="{name}：与签名时一致：{exercise}，{score}，文件 {sha256}",
)
_NO_SCORE: Final = Text(en="no score", zh="没有得分")


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    def say(text: Text) -> str:
        return text.to(language)

    path = click.Path(path_type=Path)

    @click.command(name, help=say(_ABOUT))
    @click.argument("reports", nargs=-1, type=path)
    @click.option("--key", type=path, help=say(_KEY))
    @click.option("--file", type=path, help=say(_FILE))
    @click.option("--new-key", type=path, help=say(_NEW_KEY))
    def run(
        *, reports: tuple[Path, ...], key: Path | None, file: Path | None, new_key: Path | None
    ) -> int:
        if new_key is not None:
            _write_new_keys(new_key)
            return EXIT_OK
        if not reports:
            raise UsageError(_NO_REPORT, hint=Text(en="Name one.", zh="请指定报告。"))
        if key is None:
            raise UsageError(_NO_KEY, hint=Text(en="Add `--key FILE`.", zh="请加上 `--key 文件`。"))
        if file is not None and len(reports) > 1:
            raise UsageError(_ONE_FILE, hint=Text(en="Name one report.", zh="请只指定一份报告。"))
        return _verify(reports, key, file, language)

    return run


def _verify(reports: tuple[Path, ...], key: Path, file: Path | None, language: Language) -> int:
    from grader.report.neutralise import for_ci_log
    from grader.report.words import points_words
    from grader.signing.keys import read_public_key
    from grader.signing.signature import verify_report

    public = read_public_key(key)
    code = EXIT_OK
    for path in reports:
        verdict = verify_report(path, public, file)
        if verdict.report is None:
            code = EXIT_BELOW
            reason = verdict.reason.to(language) if verdict.reason else ""
            said = _REFUSED.to(language).format(name=path, reason=reason)
        else:
            report, score = verdict.report, _NO_SCORE.to(language)
            if report.score is not None and report.max_score is not None:
                score = f"{points_words(report.score)} / {points_words(report.max_score)}"
            said = _GOOD.to(language).format(
                name=path,
                exercise=report.exercise,
                score=score,
                sha256=report.submission.sha256[:16],
            )
        click.echo(for_ci_log(said))
    return code


def _write_new_keys(path: Path) -> None:
    """Write a pair: the one that signs, which nobody else can read, and the one that verifies."""
    from grader.cli.key_files import KeyFile, write_key_files
    from grader.signing.keys import new_keys

    private, public = new_keys()
    write_key_files(
        KeyFile(path, private), KeyFile(path.with_name(f"{path.name}.pub"), public, 0o644)
    )
