"""The attacks that are kept in `submissions/`, and the twin of each: the same without the attack.

An attack is one file, which begins with comments:

    # attack: P14                       its id where such tricks are listed, or `own`
    # from: double does not multiply    which honest answer it resembles
    # expects: …                        what must not happen
    # exercise: ex91                    ex90 where it says nothing

`*.py` is put behind the solution of its exercise, so that it holds no more than what it does
otherwise; `*.ipynb` likewise, cell by cell. Without the lines from `# --- attack` to `# --- end` it
is its own twin. `*.make.py` makes what is handed in itself: `hand_in(folder, right)` fills the
student's folder, `twin(right)` gives what it is measured by, else the solution is.
"""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parent / "submissions"
_MAKER: Final = ".make.py"
_REGION: Final = re.compile(
    r"^[ \t]*# --- attack.*?^[ \t]*# --- end[^\n]*(?:\n|\Z)", re.MULTILINE | re.DOTALL
)
_HEADER: Final = re.compile(r"^# (attack|from|expects|exercise): (.+)$", re.MULTILINE)


class Attack(NamedTuple):
    """One way to score, to look, or to break something."""

    path: Path
    header: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(_MAKER).removesuffix(self.path.suffix)

    @property
    def exercise(self) -> str:
        return self.header.get("exercise", "ex90")

    @property
    def is_made(self) -> bool:
        return self.path.name.endswith(_MAKER)


def read_attacks() -> list[Attack]:
    """Give all attacks, by name."""
    paths = sorted([*FOLDER.glob("*.py"), *FOLDER.glob("*.ipynb")])
    return [Attack(path, _header(path)) for path in paths]


def _header(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "".join(json.loads(text)["cells"][0]["source"])
    header = {key: value.strip() for key, value in _HEADER.findall(text)}
    missing = {"attack", "from", "expects"} - header.keys()
    assert not missing, f"{path.name} lacks {', '.join(sorted(missing))}"
    return header


class Exercise(NamedTuple):
    """What an attack is put behind."""

    name: str
    right: str
    """The solution."""


def hand_in(attack: Attack, folder: Path, exercise: Exercise, places: Mapping[str, str]) -> None:
    """Fill a student's folder with an attack.

    Args:
        attack: What to hand in.
        folder: The student's, which exists.
        exercise: What it is handed in for.
        places: What stands in it for each `@NAME@`: paths that an attacker might guess.
    """
    if attack.is_made:
        make: Callable[[Path, str], None] = runpy.run_path(str(attack.path))["hand_in"]
        make(folder, exercise.right)
        return
    text = attack.path.read_text(encoding="utf-8")
    for name, value in places.items():
        text = text.replace(f"@{name}@", json.dumps(value)[1:-1])
    path = folder / f"{exercise.name}{attack.path.suffix}"
    path.write_bytes(_behind(exercise.right, text, attack).encode("utf-8", "surrogateescape"))


def twin_of(attack: Attack, exercise: Exercise) -> str:
    """Give the text of the file without the attack; what its maker gives, else the solution."""
    if attack.is_made:
        make: Callable[[str], str] = runpy.run_path(str(attack.path)).get("twin", str)
        return make(exercise.right)
    text = attack.path.read_text(encoding="utf-8")
    if attack.path.suffix == ".ipynb":
        cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells)
    assert _REGION.search(text), f"{attack.path.name} marks no attack"
    # Headers differ and the rest rarely does, so that most twins are one file.
    return f"{exercise.right}\n\n{_HEADER.sub('', _REGION.sub('', text)).strip()}\n"


def _behind(right: str, text: str, attack: Attack) -> str:
    if attack.path.suffix == ".py":
        return f"{right}\n\n{text}"
    notebook = json.loads(text)
    first: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook["cells"].insert(0, first | {"source": right})
    return json.dumps(notebook)
