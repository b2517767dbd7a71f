"""Takes out of an archive what can be a submission, and leaves the rest in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from grader.batch.discovery.folders import METADATA_NAME
from grader.batch.discovery.identity import shown
from grader.batch.discovery.limits import Budget, ExhaustedError, max_bytes_of, too_large
from grader.batch.discovery.listing import Entry, Listing, Parts, RefusedError
from grader.batch.discovery.members import BROKEN, Member, read_members
from grader.batch.discovery.names import is_archive, is_ignored_folder, is_source
from grader.batch.discovery.workspace import Workspace, write_all
from grader.language import Text

__all__ = ["unpack"]

_CHUNK: Final = 32 * 1024
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_MAX_REFUSALS: Final = 20


class _Target(NamedTuple):
    """Where members go."""

    archive: str
    prefix: Parts
    listing: Listing
    workspace: Workspace
    budget: Budget


def unpack(  # noqa: PLR0913 - what goes where
    path: Path,
    archive: str,
    prefix: Parts,
    *,
    listing: Listing,
    workspace: Workspace,
    budget: Budget,
) -> None:
    """Add an archive's scripts, notebooks and archives to a listing.

    Whatever is wrong with it stands in the listing's refusals: with a member if the others can be
    read all the same, else with the archive, of which what was read before stays.

    Args:
        path: The archive.
        archive: Tells archives apart, the same in each search.
        prefix: The way to the archive, below which its files are listed.
        listing: Takes what is found.
        workspace: Takes the files.
        budget: What may be unpacked.

    Raises:
        GraderFault: The workspace cannot be written to.
    """
    target = _Target(archive, prefix, listing, workspace, budget)
    try:
        for member in read_members(path, budget):
            _take(member, target)
    except RefusedError as error:
        listing.refuse(prefix, error)
    except BROKEN as error:
        listing.refuse(prefix, _damaged(error))


def _take(member: Member, target: _Target) -> None:
    listing = target.listing
    try:
        parts = _split(member.name, target.budget)
    except RefusedError as error:
        if len(listing.refusals) < _MAX_REFUSALS:
            listing.refuse((*target.prefix, shown(member.name)), error)
        return
    if parts is None or _is_passed_over(parts, target):
        return
    whole = (*target.prefix, *parts)
    listing.see(whole, folder=member.kind == "folder")
    if member.kind == "folder" or not _is_wanted(parts):
        return
    try:
        path = _extract(member, parts, target)
    except ExhaustedError:
        raise
    except RefusedError as error:
        listing.refuse(whole, error)
    except BROKEN as error:
        if member.packed is None:
            raise
        listing.refuse(whole, _damaged(error))
    else:
        _add(whole, path, listing)


def _is_passed_over(parts: Parts, target: _Target) -> bool:
    if ".git" in parts:
        target.listing.clones.add((*target.prefix, *parts[: parts.index(".git")]))
    return any(is_ignored_folder(part) for part in parts[:-1]) or (
        is_ignored_folder(parts[-1]) and not is_source(parts[-1])
    )


def _is_wanted(parts: Parts) -> bool:
    return is_source(parts[-1]) or is_archive(parts[-1]) or _is_metadata(parts)


def _is_metadata(parts: Parts) -> bool:
    return parts[-1] == METADATA_NAME and len(parts) <= 2  # noqa: PLR2004 - or in a wrapper


def _add(parts: Parts, path: Path, listing: Listing) -> None:
    if _is_metadata(parts):
        listing.metadata[parts] = path
    else:
        listing.entries.append(Entry(parts, path))


def _extract(member: Member, parts: Parts, target: _Target) -> Path:
    """Write one member into the workspace.

    Raises:
        RefusedError: It is a link or a device, asks for a password, or breaks a limit.
    """
    if member.kind == "special":
        raise _special(parts)
    if member.refused is not None:
        raise member.refused
    limit = max_bytes_of(parts[-1])
    size = 0
    with (
        target.workspace.new_file(target.archive, parts) as (path, out),
        member.open() as packed,
    ):
        while data := packed.read(_CHUNK):
            size += len(data)
            if size > limit:
                raise too_large(parts[-1])
            if member.packed is not None:
                target.budget.spend(len(data))
                target.budget.check_ratio(size, member.packed)
            write_all(out, path, data)
    return path


def _split(name: str, budget: Budget) -> Parts | None:
    r"""Split a member's name; old programs on Windows write `\` for `/`.

    Raises:
        RefusedError: It leads out of the archive, or is too long to be meant.
    """
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in {"", "."})
    if name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in parts or "\0" in name:
        raise RefusedError(
            Text(
                en=f"{shown(name)} would lead out of the archive",
                zh=f"{shown(name)} 指向压缩包之外",
            ),
            hint=Text(en="Pack the files again.", zh="请重新打包。"),
        )
    limits = budget.limits
    longest = max((len(part.encode("utf-8", "replace")) for part in parts), default=0)
    if len(parts) > limits.depth or longest > limits.name_bytes:
        raise RefusedError(
            Text(
                en=f"{shown(name)} lies too deep, or its name is too long",
                zh=f"{shown(name)} 的层次太深，或名称太长",
            ),
            hint=Text(en="Pack the files alone.", zh="请只打包文件本身。"),
        )
    return parts or None


def _special(parts: Parts) -> RefusedError:
    name = shown(parts[-1])
    return RefusedError(
        Text(
            en=f"{name} is a link or a device in the archive, and is not followed",
            zh=f"{name} 在压缩包中是链接或设备，不会被读取",
        ),
        hint=Text(en="Pack the file itself.", zh="请打包文件本身。"),
    )


def _damaged(error: BaseException) -> RefusedError:
    reason = shown(str(error)) or type(error).__name__
    return RefusedError(
        Text(
            en=f"the archive is damaged or cut off: {reason}",
            zh=f"压缩包已损坏或不完整：{reason}",
        ),
        hint=Text(
            en="Upload or download it again; if that does not help, pack the files again as a zip.",
            zh="请重新上传或下载；如果仍然不行，请把文件重新打包为 zip。",
        ),
    )
