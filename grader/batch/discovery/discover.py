"""Finds the submissions in what an instructor has downloaded.

    source → listing (names; archives unpacked) → form → whose each file is → which exercise
           → which student → one file for each student and exercise

Nothing is executed, and nothing is read but names, archives and Gradescope's list of submitters.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.batch.discovery.choice import Candidate, Handouts, choose
from grader.batch.discovery.gathering import Gathered, Remark, Source, gather
from grader.batch.discovery.identity import name_key, shown, some_shown
from grader.batch.discovery.layouts import LayoutName
from grader.batch.discovery.misnamed import Other
from grader.batch.discovery.names import Exercises
from grader.batch.discovery.not_graded import OF_ONE_ASSIGNMENT, NotGraded
from grader.batch.discovery.settle import Settled, Sighting, settle
from grader.batch.discovery.students import Roster
from grader.batch.discovery.workspace import Workspace
from grader.batch.found import Discovery, Found, Problem
from grader.language import Text

__all__ = ["discover"]


def discover(  # noqa: PLR0913 - what the command line offers
    sources: Sequence[Path],
    exercises: Sequence[str],
    *,
    workspace: Path,
    roster: Roster | None = None,
    layout: LayoutName | None = None,
    handouts: Sequence[Path] = (),
    skip: Sequence[Path] = (),
) -> Discovery:
    """Find what a class has handed in.

    The same sources give the same result, with the same paths.

    Args:
        sources: Folders and archives. Of two files for the same, a later source's goes first.
        exercises: Full names of those to grade, such as `ex03_conv_layer`.
        workspace: Where files out of archives are put; made when needed. Keep it until all is
            graded.
        roster: The class; then only its students count.
        layout: How all sources are laid out; None finds out for each.
        handouts: The course's stubs and notebooks. An unchanged one is passed over where the
            student has another file.
        skip: Folders not to search, such as the one for the results. The workspace never is.

    Raises:
        UsageError: A source is neither a folder nor a file that could be an archive.
        GraderFault: The workspace cannot be written to.
    """
    known = Exercises(exercises)
    gathered = Gathered(known)
    keeper = Workspace(workspace)
    for number, path in enumerate(sources):
        source = Source(number, path, known, keeper, layout, (workspace, *skip))
        gather(source, gathered)
    return _Result(gathered, roster, Handouts(handouts), keeper, known).discovery()


class _Result:
    """Puts together what was gathered."""

    def __init__(
        self,
        gathered: Gathered,
        roster: Roster | None,
        handouts: Handouts,
        workspace: Workspace,
        exercises: Exercises,
    ) -> None:
        self._gathered, self._roster = gathered, roster
        self._handouts, self._workspace, self._exercises = handouts, workspace, exercises
        self._students = settle(gathered.sightings(), roster)
        self._problems: list[Problem] = []
        self._warnings: list[Problem] = []
        self._not_graded = NotGraded(exercises.ids, gathered.candidates)

    def discovery(self) -> Discovery:
        found = self._found()
        pairs = {(one.student, one.exercise) for one in found}
        self._unsettled()
        for remark in self._gathered.remarks:
            self._take(remark, pairs)
        self._misnamed(pairs)
        self._warn_of_namesakes()
        return Discovery(
            found=tuple(found),
            problems=_sorted(self._problems),
            warnings=_sorted(self._warnings),
            missing=self._missing(),
            notes=tuple(self._gathered.notes),
            not_graded=self._not_graded.pairs(pairs),
            roster=() if self._roster is None else self._roster.ids,
        )

    def _found(self) -> list[Found]:
        choices: dict[tuple[str, str], list[tuple[Sighting, Candidate]]] = {}
        for sighting, candidate in self._gathered.candidates:
            student = self._students[sighting].student
            if student is not None:
                pair = student, candidate.match.exercise
                choices.setdefault(pair, []).append((sighting, candidate))
        return [self._chosen(*pair, choices[pair]) for pair in sorted(choices)]

    def _chosen(
        self, student: str, exercise: str, candidates: list[tuple[Sighting, Candidate]]
    ) -> Found:
        best, choice = choose([candidate for _, candidate in candidates], self._handouts)
        if choice is not None:
            self._warnings.append(Problem(student, exercise, best.origin, choice))
        sighting = next(sighting for sighting, candidate in candidates if candidate is best)
        return Found(
            student,
            exercise,
            self._nameable(best),
            best.origin,
            best.late or self._is_late(student, sighting),
            self._gathered.beside.files(sighting, best.parts[:-1]),
        )

    def _is_late(self, student: str, sighting: Sighting) -> bool:
        return self._roster is not None and self._roster.is_late(student, sighting.owner.keys)

    def _nameable(self, one: Candidate) -> Path:
        """Return a path that can be written down; bytes that are no UTF-8 cannot."""
        try:
            str(one.path).encode("utf-8")
        except UnicodeEncodeError:
            return self._workspace.copy(one.path, one.origin, one.parts[-1])
        return one.path

    def _unsettled(self) -> None:
        """List each owner who could not be settled, with the first of their files."""
        told: set[Sighting] = set()
        for sighting, origin, exercise in self._gathered.owned():
            settled = self._students[sighting]
            if settled.message is None:
                continue
            self._not_graded.add(sighting, settled, exercise)
            if sighting not in told:
                told.add(sighting)
                self._problems.append(_unsettled(sighting, settled, origin, exercise))

    def _take(self, remark: Remark, pairs: set[tuple[str, str]]) -> None:
        """Sort a remark: of a file whose student has another one, it is a warning."""
        for owner in remark.sightings or (None,):
            student = None if owner is None else self._students[owner].student
            name = student or (None if owner is None else shown(owner.owner.label))
            problem = Problem(name, remark.exercise, remark.origin, remark.message, remark.hint)
            has_other = (student, remark.exercise) in pairs
            if remark.is_minor or has_other:
                self._warnings.append(problem)
                continue
            self._problems.append(problem)
            if owner is not None:
                self._not_graded.add(owner, self._students[owner], remark.exercise)

    def _misnamed(self, pairs: set[tuple[str, str]]) -> None:
        """Warn of what was likely handed in, but under a name that is no exercise's."""
        told = {(problem.owner, problem.exercise) for problem in self._problems}
        with_file = {
            (sighting.source, self._name(sighting)) for sighting, _ in self._gathered.candidates
        }
        for sighting, origin in self._gathered.seen.items():
            name = self._name(sighting)
            meant = self._gathered.misnamed.meant(sighting)
            for exercise in meant:
                self._not_graded.add(sighting, self._students[sighting], exercise)
            if (sighting.source, name) not in with_file:
                with_file.add((sighting.source, name))
                if not any(owner == name for owner, _ in told):
                    self._without_file(sighting, name, origin)
            elif self._students[sighting].student is not None:
                for exercise, other in meant.items():
                    if not {(name, exercise), (name, None)} & (told | pairs):
                        self._warnings.append(_only(name, exercise, other))

    def _without_file(self, sighting: Sighting, name: str, origin: str) -> None:
        """Warn of a student of whom there is something in a source, but nothing to grade."""
        misnamed = self._gathered.misnamed
        message = _nothing(misnamed.names(sighting))
        self._warnings.append(Problem(name, None, origin, message, _BY_NAME))
        mentioned = misnamed.mentioned(sighting)
        for exercise in mentioned:
            self._not_graded.add(sighting, self._students[sighting], exercise)
        if not mentioned and sighting.layout in OF_ONE_ASSIGNMENT:
            self._not_graded.add(sighting, self._students[sighting], None)

    def _name(self, sighting: Sighting) -> str:
        return self._students[sighting].student or shown(sighting.owner.label)

    def _warn_of_namesakes(self) -> None:
        """Say it where Moodle may have counted one person twice."""
        if self._roster is not None:
            return
        names: dict[str, dict[str, int]] = {}
        for sighting in self._students:
            if sighting.layout == "moodle":
                name = sighting.owner.label.rpartition("_")[0]
                names.setdefault(name_key(name), {})[sighting.owner.label] = sighting.source
        for labels in names.values():
            if len(set(labels.values())) > 1 and len(labels) > 1:
                listed = ", ".join(sorted(map(shown, labels)))
                self._warnings.append(Problem(None, None, listed, *_namesakes(listed)))

    def _missing(self) -> tuple[str, ...]:
        if self._roster is None:
            return ()
        there = {one for settled in self._students.values() for one in settled.students}
        return tuple(student for student in self._roster.ids if student not in there)


_BY_NAME: Final = Text(
    en="Files are known by their names, such as ex03_conv_layer.py or my_ex03.ipynb.",
    zh="文件靠名称识别，例如 ex03_conv_layer.py 或 my_ex03.ipynb。",
)


def _nothing(names: Sequence[str]) -> Text:
    en, zh = "there is no file named for an exercise that is graded", "没有以所评练习命名的文件"
    if not names:
        return Text(en, zh)
    listed = some_shown(names)
    return Text(en=f"{en}, only {listed}", zh=f"{zh}，只有 {listed}")


def _only(student: str, exercise: str, other: Other) -> Problem:
    name = shown(other.name)
    message = Text(
        en=f"there is no file named for {exercise}, only {name}",
        zh=f"没有以 {exercise} 命名的文件，只有 {name}",
    )
    return Problem(student, exercise, other.origin, message, _BY_NAME)


def _unsettled(sighting: Sighting, settled: Settled, origin: str, exercise: str | None) -> Problem:
    message = settled.message or Text("", "")
    return Problem(shown(sighting.owner.label), exercise, origin, message, settled.hint)


def _namesakes(names: str) -> tuple[Text, Text]:
    return (
        Text(
            en=f"{names} have the same name and are graded as different students",
            zh=f"{names} 姓名相同，按不同学生评分",
        ),
        Text(
            en="Moodle counts participants anew in each assignment. Give a roster, so that all "
            "exercises of a student come into one row.",
            zh="Moodle 在每个作业中重新编号参与者。请提供名单，使同一学生的所有练习归入一行。",
        ),
    )


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(
        sorted(
            dict.fromkeys(problems),
            key=lambda one: (one.owner or "", one.exercise or "", one.origin, one.message.en),
        )
    )
