"""`grade doctor`: can this machine grade, and does it lock code in?"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.errors import EXIT_OK, SandboxError
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.doctor.run import ActFinding, Diagnosis

__all__ = ["command"]

_STDOUT: Final = "-"
_WIDTH: Final = 79
_COLUMN: Final = 34
_LAST_NARROW: Final = 0x2E7F
"""Above it are the characters that take two places."""
_ABOUT: Final = Text(
    en="""Look whether this machine can grade, and lock code in.

    Every act that no submission may do is tried inside a real worker, and what stops it is
    shown. It takes some seconds.

    Ends with 0 if all acts are stopped, so that `--sandbox strict` grades here, else with 5.""",
    zh="""检查本机能否评分、能否隔离代码。

    \b
    在真实的评分进程中逐一尝试提交的代码不得做的事，并显示由什么阻止。需要几秒钟。

    \b
    如果全部被阻止（`--sandbox strict` 可用），退出码为 0，否则为 5。""",
)
_JSON: Final = Text(
    en="Write everything as JSON to this file; - prints it.",
    zh="把全部结果以 JSON 写入该文件；- 表示打印。",
)
_SANDBOX: Final = Text(
    en="Which locks to try: those of this machine, or those of a container engine.",
    zh="尝试哪种隔离：本机的，或某个容器引擎的。",
)
_MACHINE: Final = Text(en="This machine", zh="本机")
_LAYERS: Final = Text(en="Locks that are on", zh="已启用的隔离层")
_MISSING: Final = Text(en="Locks that are not", zh="未启用的隔离层")
_TRIED: Final = Text(en="What was tried in a worker", zh="在评分进程中尝试的行为")
_ITSELF: Final = Text(en="the system itself", zh="系统本身")
_OPEN: Final = Text(en="NOT STOPPED", zh="未被阻止")
_READY: Final = Text(
    en="All acts were stopped: `--sandbox {}` grades here.",
    zh="全部行为都被阻止：可以使用 `--sandbox {}` 评分。",
)
_NOT_READY: Final = Text(
    en="`--sandbox {}` refuses to grade here. Not stopped: {}.",
    zh="`--sandbox {}` 在本机拒绝评分。未能阻止：{}。",
)
_ELSE: Final = Text(
    en="Time, output and the wire are limited from outside on every system. `--sandbox auto` "
    "grades with what there is: for your own code.",
    zh="时间、输出和通信在任何系统上都由外部限制。"
    "`--sandbox auto` 用现有的隔离层评分：只适合自己的代码。",
)
_HINT: Final = Text(en="hint: ", zh="提示：")


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.option("--json", "json_out", metavar="FILE", help=_JSON.to(language))
    @click.option(
        "--sandbox",
        type=click.Choice(["strict", "podman", "docker"]),
        default="strict",
        show_default=True,
        help=_SANDBOX.to(language),
    )
    def run(*, json_out: str | None, sandbox: str) -> int:
        from grader.doctor.run import examine_machine

        found = examine_machine(sandbox)
        _publish(found, json_out, sandbox, language)
        return EXIT_OK if found.is_strict else SandboxError.exit_code

    return run


def _publish(found: Diagnosis, json_out: str | None, sandbox: str, language: Language) -> None:
    import msgspec

    content = msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"
    if json_out == _STDOUT:
        click.echo(content, nl=False)
        return
    if json_out is not None:
        from grader.atomic import write_atomically

        write_atomically(Path(json_out), content)
    _print(found, sandbox, language)


def _print(found: Diagnosis, sandbox: str, language: Language) -> None:
    click.echo(_MACHINE.to(language))
    for fact in found.facts:
        mark = "!" if fact.state == "warning" else " "
        _line(mark, fact.title.to(language), fact.value)
        if fact.cure is not None:
            click.echo(f"    {_HINT.to(language)}{fact.cure.to(language)}")
    click.echo(f"\n{_LAYERS.to(language)}")
    click.echo(_wrapped(", ".join(found.layers) or "-"))
    if found.missing:
        click.echo(f"\n{_MISSING.to(language)}")
        for layer, reason in found.missing.items():
            click.echo(_wrapped(f"{layer}: {reason}"))
    _print_acts(found.acts, language)
    _print_end(found, sandbox, language)


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_on_hyphens=False,
    )


def _print_acts(acts: tuple[ActFinding, ...], language: Language) -> None:
    if acts:
        click.echo(f"\n{_TRIED.to(language)}")
    kind = ""
    for act in acts:
        if act.kind != kind:
            kind = act.kind
            click.echo(f"  {act.kind_title.to(language)}")
        # One layer is enough for a line; `--json` has them all.
        by = _first(act.by) or _ITSELF.to(language)
        _line(
            " " if act.is_stopped else "!",
            "  " + act.title.to(language),
            f"{by} ({act.answer})" if act.is_stopped else f"{_OPEN.to(language)} ({act.answer})",
        )


def _first(layers: tuple[str, ...]) -> str:
    return ", ".join(layers[:2]) + (f" +{len(layers) - 2}" if len(layers) > 2 else "")  # noqa: PLR2004 - as many as fit


def _print_end(found: Diagnosis, sandbox: str, language: Language) -> None:
    click.echo()
    if found.fault is not None:
        click.echo(found.fault.to(language))
    if found.is_strict:
        click.echo(_READY.to(language).format(sandbox))
        return
    classes = ", ".join(each.to(language) for each in found.open_classes)
    click.echo(_NOT_READY.to(language).format(sandbox, classes))
    for cure in found.cures:
        click.echo(f"{_HINT.to(language)}{cure.to(language)}")
    click.echo(_ELSE.to(language))


def _line(mark: str, title: str, value: str) -> None:
    """Print two columns; a Chinese character takes two places of the first."""
    width = sum(2 if ord(each) > _LAST_NARROW else 1 for each in title)
    gap = " " * max(1, _COLUMN - 2 - width)
    first, *rest = textwrap.wrap(value, _WIDTH - _COLUMN) or [""]
    click.echo(f"{mark} {title}{gap}{first}")
    for each in rest:
        click.echo(" " * _COLUMN + each)
