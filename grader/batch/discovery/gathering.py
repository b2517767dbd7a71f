"""Goes through one source and gathers what could be graded, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from grader.batch.discovery.beside import Beside
from grader.batch.discovery.choice import Candidate
from grader.batch.discovery.detect import Form, detect, looks_like_download
from grader.batch.discovery.folders import METADATA_NAME, list_folder
from grader.batch.discovery.identity import shown, some_shown
from grader.batch.discovery.layouts import Claim, ClaimOf, LayoutName, claims_of
from grader.batch.discovery.limits import MAX_ARCHIVE_BYTES, OF_A_SOURCE, OF_A_STUDENT, Budget
from grader.batch.discovery.listing import Entry, Listing, Parts, Refusal, RefusedError
from grader.batch.discovery.misnamed import Misnamed, Other
from grader.batch.discovery.names import Exercises, is_archive, is_source, resembles_code
from grader.batch.discovery.settle import Sighting
from grader.batch.discovery.submitters import Submitter, read_submitters
from grader.batch.discovery.unpack import unpack
from grader.batch.discovery.workspace import Workspace
from grader.errors import SubmissionError, UsageError
from grader.language import Text
from grader.submission.encoding import decode_source
from grader.submission.file import read_regular_file

__all__ = ["Gathered", "Remark", "Source", "gather"]

MAX_NESTING: Final = 3
"""Archives within archives, below a student."""


class Remark(NamedTuple):
    """What is wrong with a file, and whose it is."""

    sightings: tuple[Sighting, ...]
    exercise: str | None
    origin: str
    message: Text
    hint: Text | None
    is_minor: bool


class Gathered:
    """What all sources came to."""

    def __init__(self, exercises: Exercises) -> None:
        """Begin with nothing."""
        self.candidates: list[tuple[Sighting, Candidate]] = []
        self.beside = Beside()
        self.remarks: list[Remark] = []
        self.seen: dict[Sighting, str] = {}
        """Owners of anything at all, with the place."""
        self.misnamed = Misnamed(exercises)
        self.notes: list[Text] = []

    def sightings(self) -> Iterator[Sighting]:
        """Yield all owners, some of them more than once."""
        yield from self.seen
        yield from (sighting for sighting, _ in self.candidates)
        yield from (sighting for remark in self.remarks for sighting in remark.sightings)

    def owned(self) -> Iterator[tuple[Sighting, str, str | None]]:
        """Yield owners of what could have been graded: with the place, and the exercise."""
        for sighting, candidate in self.candidates:
            yield sighting, candidate.origin, candidate.match.exercise
        for remark in self.remarks:
            for sighting in remark.sightings:
                yield sighting, remark.origin, remark.exercise


class Source(NamedTuple):
    """One folder or archive, and how to read it."""

    number: int
    path: Path
    exercises: Exercises
    workspace: Workspace
    layout: LayoutName | None
    skip: tuple[Path, ...]


def gather(source: Source, gathered: Gathered) -> None:
    """Add what one source holds.

    Raises:
        UsageError: It is neither a folder nor a file that could be an archive.
        GraderFault: The workspace cannot be written to.
    """
    listing = _listing(source)
    form = detect(
        listing,
        source.path.absolute().name,
        source.exercises,
        is_archive=not source.path.is_dir(),
        wanted=source.layout,
    )
    _Gathering(source, listing, form, gathered).run()


def _listing(source: Source) -> Listing:
    path = source.path
    if path.is_dir():
        return list_folder(path, skip=source.skip)
    if not path.is_file() or is_source(path.name):
        raise UsageError(
            Text(
                en=f"{path} is neither a folder nor an archive",
                zh=f"{path} 既不是文件夹也不是压缩包",
            ),
            hint=Text(
                en="Name the folder in which it lies; `--file` of `grade exNN` grades one file.",
                zh="请给出它所在的文件夹；`grade exNN` 的 `--file` 可为单个文件评分。",
            ),
        )
    listing = Listing()
    unpack(
        path,
        f"{source.number}:{path.name}",
        (),
        listing=listing,
        workspace=source.workspace,
        budget=Budget(OF_A_SOURCE),
    )
    return listing


class _Gathering:
    def __init__(self, source: Source, listing: Listing, form: Form, gathered: Gathered) -> None:
        self._source, self._listing, self._form, self._gathered = source, listing, form, gathered
        self._budgets: dict[tuple[str, ...], Budget] = {}
        self._complained: set[tuple[str, str]] = set()
        self._place = 0
        self._claim_of: ClaimOf

    def run(self) -> None:
        submitters = self._submitters()
        form = self._form
        self._claim_of = claims_of(
            form.layout, self._source.exercises, self._listing, form.root, submitters
        )
        self._gathered.notes.append(_note(self._source.path, form))
        if form.doubtful:
            self._complain((), _doubtful(form.doubtful), is_minor=True)
        self._see_all()
        for refusal in self._listing.refusals:
            self._refused(refusal)
        for entry in self._listing.entries:
            if (claim := self._claim(entry.parts)) is not None:
                self._take(entry, claim, nesting=0)

    def _submitters(self) -> dict[str, tuple[Submitter, ...] | None]:
        path = self._listing.metadata.get((*self._form.root, METADATA_NAME))
        if self._form.layout != "gradescope" or path is None:
            return {}
        try:
            data = read_regular_file(path, MAX_ARCHIVE_BYTES)
            return read_submitters(decode_source(data, path, has_cookie=False).text)
        except (SubmissionError, UsageError) as error:
            self._complain((METADATA_NAME,), RefusedError(error.message, hint=error.hint))
            return {}

    def _see_all(self) -> None:
        """Note whose everything is that says so, whether or not it can be a submission."""
        for parts in self._listing.files:
            # Those that can be submissions are complained about when they are taken, or refused.
            quietly = is_source(parts[-1]) or is_archive(parts[-1])
            if (claim := self._claim(parts, quietly=quietly)) is not None:
                self._see(claim, parts, claim.name)

    def _see(self, claim: Claim, parts: Parts, name: str) -> None:
        top = parts[: len(self._form.root) + 1]
        for sighting in self._sightings(claim):
            self._gathered.seen.setdefault(sighting, self._origin(top))
            self._gathered.misnamed.add(sighting, Other(name, self._origin(parts)))

    def _claim(self, parts: Parts, *, quietly: bool = False) -> Claim | None:
        """Say whose a file is; complain once about each place that does not say it."""
        below = self._below_root(parts)
        if below is None:
            return None
        try:
            return self._claim_of(below)
        except RefusedError as error:
            if not quietly:
                self._unclaimed(parts, error)
            return None

    def _unclaimed(self, parts: Parts, error: RefusedError) -> None:
        name = parts[-1]
        several = is_source(name) and self._source.exercises.several(name)
        is_meant = resembles_code(name) and self._source.exercises.meant_by(name) is not None
        reason = _several_exercises(name) if several else error
        key = (parts[len(self._form.root)], reason.message.en)
        if key not in self._complained and (several or is_meant or is_archive(name)):
            self._complained.add(key)
            self._complain(parts, reason)

    def _below_root(self, parts: Parts) -> Parts | None:
        root = self._form.root
        return parts[len(root) :] if parts[: len(root)] == root else None

    def _take(self, entry: Entry, claim: Claim, *, nesting: int) -> None:
        self._place += 1
        name = entry.parts[-1] if nesting else claim.name
        if is_archive(entry.parts[-1]):
            self._open(entry, claim, nesting=nesting + 1)
            return
        for sighting in self._sightings(claim):
            self._gathered.beside.add(sighting, entry, name, claim.order)
        if self._source.exercises.several(name):
            self._remark(claim, entry.parts, _several_exercises(name))
        elif (match := self._source.exercises.match(name)) is not None:
            candidate = Candidate(
                entry.path,
                entry.parts,
                self._origin(entry.parts),
                match,
                self._source.number,
                claim.late,
                claim.order,
                self._place,
            )
            for sighting in self._sightings(claim):
                self._gathered.candidates.append((sighting, candidate))

    def _open(self, entry: Entry, claim: Claim, *, nesting: int) -> None:
        """Look into an archive; whatever it holds is its owner's."""
        if nesting > MAX_NESTING:
            self._remark(claim, entry.parts, _nested_too_deep())
            return
        inner = Listing()
        owners = tuple(owner.label for owner in claim.owners)
        unpack(
            entry.path,
            f"{self._source.number}:{self._source.path.name}/{'/'.join(entry.parts)}#{self._place}",
            entry.parts,
            listing=inner,
            workspace=self._source.workspace,
            budget=self._budgets.setdefault(owners, Budget(OF_A_STUDENT)),
        )
        if self._is_download(entry, inner):
            self._remark(claim, entry.parts, _download(entry.parts[-1]))
            return
        for parts in inner.files:
            self._see(claim, parts, parts[-1])
        for refusal in inner.refusals:
            self._refused(refusal, claim)
        for one in inner.entries:
            self._take(one, claim, nesting=nesting)

    def _is_download(self, entry: Entry, inner: Listing) -> bool:
        is_on_top = len(entry.parts) == len(self._form.root) + 1
        return (
            is_on_top
            and self._form.layout in {"folders", "files"}
            and looks_like_download(inner, entry.parts)
        )

    def _refused(self, refusal: Refusal, claim: Claim | None = None) -> None:
        """Complain about what is not read, if it could have been graded."""
        name = refusal.parts[-1] if refusal.parts else ""
        match = self._source.exercises.match(name)
        if is_source(name) and match is None:
            return
        error = RefusedError(refusal.message, hint=refusal.hint)
        is_file = is_source(name) or is_archive(name)
        below = self._below_root(refusal.parts)
        if claim is None and below:
            try:
                claim = self._claim_of(below if is_file else (*below, ""))
            except RefusedError:
                claim = None
        exercise = match.exercise if match else None
        if claim is None:
            self._complain(refusal.parts, error, exercise=exercise, is_minor=refusal.is_minor)
        else:
            self._remark(claim, refusal.parts, error, exercise=exercise, is_minor=refusal.is_minor)

    def _complain(
        self,
        parts: Parts,
        error: RefusedError,
        *,
        exercise: str | None = None,
        is_minor: bool = False,
    ) -> None:
        origin = self._origin(parts)
        remark = Remark((), exercise, origin, error.message, error.hint, is_minor)
        self._gathered.remarks.append(remark)

    def _remark(
        self,
        claim: Claim,
        parts: Parts,
        error: RefusedError,
        *,
        exercise: str | None = None,
        is_minor: bool = False,
    ) -> None:
        owners = tuple(self._sightings(claim))
        origin = self._origin(parts)
        remark = Remark(owners, exercise, origin, error.message, error.hint, is_minor)
        self._gathered.remarks.append(remark)

    def _sightings(self, claim: Claim) -> Iterator[Sighting]:
        for owner in claim.owners:
            yield Sighting(self._source.number, self._form.layout, owner)

    def _origin(self, parts: Parts) -> str:
        name = self._source.path.name or str(self._source.path)
        return shown(f"{name}: {'/'.join(parts)}" if parts else name)


def _note(path: Path, form: Form) -> Text:
    name = shown("/".join((path.name or str(path), *form.root)))
    en, zh = _FORMS[form.layout]
    return Text(en=f"{name} was read as {en}", zh=f"{name} 按{zh}读取")


_FORMS: Final[dict[LayoutName, tuple[str, str]]] = {
    "folders": ("a folder for each student", "每个学生一个文件夹"),
    "files": ("files named for the students", "以学生命名的文件"),
    "moodle": ("a download of Moodle", " Moodle 的下载"),
    "canvas": ("a download of Canvas", " Canvas 的下载"),
    "gradescope": ("an export of Gradescope", " Gradescope 的导出"),
    "git": ("clones of GitHub Classroom", " GitHub Classroom 的仓库"),
    "nbgrader": ("submissions to nbgrader", " nbgrader 的提交"),
}


def _doubtful(names: Sequence[str]) -> RefusedError:
    listed = some_shown(names)
    return RefusedError(
        Text(
            en=f"taken for one student, though folders within hold the same exercise: {listed}",
            zh=f"被当作一名学生，但其中有多个文件夹含有同一练习：{listed}",
        ),
        hint=Text(
            en="If it is a class, a section or a week, name that folder itself as a source.",
            zh="如果它是一个班级、小组或一周的作业，请直接把该文件夹作为来源。",
        ),
    )


def _several_exercises(name: str) -> RefusedError:
    return RefusedError(
        Text(
            en=f"{shown(name)} names more than one exercise",
            zh=f"{shown(name)} 含有不止一个练习的名称",
        ),
        hint=Text(en="Give each exercise its own file.", zh="请为每个练习提交单独的文件。"),
    )


def _nested_too_deep() -> RefusedError:
    return RefusedError(
        Text(
            en=f"archives lie in archives more than {MAX_NESTING} deep",
            zh=f"压缩包嵌套超过 {MAX_NESTING} 层",
        ),
        hint=Text(
            en="Hand in the files, or one zip of them.", zh="请提交文件本身，或只打一个 zip。"
        ),
    )


def _download(name: str) -> RefusedError:
    return RefusedError(
        Text(
            en=f"{shown(name)} looks like a download with the submissions of a class",
            zh=f"{shown(name)} 看起来是含有全班提交的下载文件",
        ),
        hint=Text(
            en="Name the archive itself as a source, not the folder in which it lies.",
            zh="请直接把该压缩包作为来源，而不是它所在的文件夹。",
        ),
    )
