from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest
import torch
from torch.nn import functional as F

ROOT = Path(__file__).parents[2]
PICTURES = sorted(ROOT.glob("exercises/*/pictures/*"))
READMES = sorted(ROOT.glob("exercises/*/README*.md"))
MAX_BYTES = 20_000


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Load scripts/draw_pictures.py with what lies beside it."""
    folder = ROOT / "scripts"
    spec = importlib.util.spec_from_file_location("draw_pictures", folder / "draw_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        spec.loader.exec_module(module)
    return module


def test_the_committed_pictures_are_those_that_the_script_draws(script: ModuleType) -> None:
    drawn = {ROOT / "exercises" / name: draw().render() for name, draw in script.PICTURES.items()}
    assert sorted(drawn) == PICTURES, "draw them: python scripts/draw_pictures.py"
    for path, content in drawn.items():
        assert path.read_text(encoding="utf-8") == content, f"out of date: {path}"


def test_a_picture_that_is_out_of_date_is_named(
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(script, "ROOT", tmp_path)
    name = "ex06_linear/pictures/flatten.svg"
    monkeypatch.setattr(script, "PICTURES", {name: script.PICTURES[name]})
    (tmp_path / "exercises" / "ex06_linear").mkdir(parents=True)

    monkeypatch.setattr(sys, "argv", ["draw_pictures.py", "--check"])
    assert script.main() == 1
    assert name in capsys.readouterr().out
    assert not (tmp_path / "exercises" / name).exists(), "a check changes nothing"
    monkeypatch.setattr(sys, "argv", ["draw_pictures.py"])
    assert script.main() == 0
    monkeypatch.setattr(sys, "argv", ["draw_pictures.py", "--check"])
    assert script.main() == 0


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_small_says_what_it_shows_and_holds_nothing_active(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    assert len(content.encode()) < MAX_BYTES
    root = ET.fromstring(content)  # noqa: S314 - our own file
    name = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    for tag in ("title", "desc"):
        text = root.findtext(f"{name}{tag}") or ""
        assert re.search("[a-z]", text), f"{tag} in English"
        assert re.search("[\u4e00-\u9fff]", text), f"{tag} in Chinese"
    tags = {element.tag.removeprefix(name) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "text", "path", "polygon"}
    attributes = {key for element in root.iter() for key in element.attrib}
    assert not {key for key in attributes if "href" in key or key.startswith("on")}
    assert not re.search(r"url\(|@import", content)


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_paints_its_own_page_in_light_and_dark(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    light, dark = re.findall(r"\.page\{fill:(#\w+)", content)
    inks = re.findall(r"(?<![\w.])text\{fill:(#\w+)", content)
    assert contrast(light, inks[0]) >= 7
    assert contrast(dark, inks[1]) >= 7


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(first), luminance(second)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("path", READMES, ids=lambda path: "-".join(path.parts[-2:]))
def test_every_picture_is_in_both_texts_with_a_description(path: Path) -> None:
    found = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
    assert sorted(path.parent / target for _, target in found) == sorted(
        path.parent.glob("pictures/*")
    )
    is_chinese = path.name.endswith(".zh.md")
    for description, _ in found:
        assert bool(re.search("[\u4e00-\u9fff]", description)) == is_chinese
        assert len(description) > 20


def texts_of(script: ModuleType, name: str) -> list[str]:
    (draw,) = [draw for path, draw in script.PICTURES.items() if path.endswith(f"/{name}.svg")]
    texts: list[str] = draw().texts
    return texts


def test_the_sliding_kernel_gives_the_numbers_of_the_text(script: ModuleType) -> None:
    texts = texts_of(script, "sliding")
    readme = (ROOT / "exercises/ex02_convolution/README.md").read_text(encoding="utf-8")
    image, kernel = (torch.tensor(rows).float() for rows in worked_example(readme))
    for stride, padding in ((1, 0), (2, 0), (1, 1)):
        start = texts.index(f"stride={stride}, padding={padding}")
        end = next((i for i in range(start + 1, len(texts)) if "stride" in texts[i]), len(texts))
        output = F.conv2d(image[None, None], kernel[None, None], stride=stride, padding=padding)
        shown = texts[texts.index("=", start) + 1 : end]
        assert shown == [str(int(value)) for value in output.flatten()]


def worked_example(readme: str) -> tuple[list[list[int]], list[list[int]]]:
    block = readme.split("```\n")[1]
    rows = [[int(word) for word in line.split()] for line in block.splitlines()]
    return [row[:5] for row in rows], [row[5:] for row in rows if len(row) > 5]


def test_what_ceil_mode_keeps_is_what_the_text_says(script: ModuleType) -> None:
    texts = texts_of(script, "ceil_mode")
    assert texts[1:17] == [str(v) for row in CHANNEL for v in row]
    assert texts[17:18] == ["-1"]
    assert texts[-4:] == ["-1", "-2", "-2", "-6"]
    pooled = F.max_pool2d(torch.tensor(CHANNEL).float()[None], 3, ceil_mode=True)
    assert texts[-4:] == [str(int(value)) for value in pooled.flatten()]


CHANNEL = [[-1, -5, -2, -7], [-4, -3, -8, -2], [-6, -9, -5, -4], [-3, -2, -9, -6]]


def test_three_windows_are_kept_and_one_is_dropped(script: ModuleType) -> None:
    texts = texts_of(script, "last_window")
    length = F.max_pool1d(torch.zeros(1, 5), 2, 2, 1, ceil_mode=True).shape[1]
    assert texts.count("max") == length == 3
    assert texts.count("x") == 5


def test_a_dilated_kernel_spans_what_the_formula_says(script: ModuleType) -> None:
    spans = [int(text) for text in texts_of(script, "dilation") if text.isdigit()]
    assert spans == [step * (3 - 1) + 1 for step in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "exercise"), [("small_network", "ex01_nn_module"), ("shapes", "ex07_sequential")]
)
def test_the_shapes_are_those_of_the_descriptions(
    script: ModuleType, name: str, exercise: str
) -> None:
    shapes = [text for text in texts_of(script, name) if text[0].isdigit()]
    assert len(shapes) == 5
    (draw,) = [draw for path, draw in script.PICTURES.items() if path.endswith(f"/{name}.svg")]
    plain = re.findall(r"(?<![A-Za-z])\d+(?:x\d+)*", draw().description)
    assert plain == 2 * [shape.replace(" ", "") for shape in shapes]
    for readme in (ROOT / "exercises" / exercise).glob("README*.md"):
        (alt,) = re.findall(r"!\[([^\]]*)\]", readme.read_text(encoding="utf-8"))
        assert all(shape in alt for shape in shapes)


def test_six_channels_become_two_pictures_in_order(script: ModuleType) -> None:
    names = [text for text in texts_of(script, "rgb_batch") if len(text) == 2]
    expected = [f"{image}{channel}" for image in "ab" for channel in range(6)]
    assert names == 2 * expected


def test_flattening_keeps_the_order(script: ModuleType) -> None:
    texts = texts_of(script, "flatten")
    numbers = [int(text) for text in texts if text.isdigit()]
    assert numbers == 3 * list(range(16))
    assert {"flatten_all: (16,)", "flatten_each: (2, 8)"} <= set(texts)


def test_the_softmax_is_the_one_of_the_text(script: ModuleType) -> None:
    shares = [text for text in texts_of(script, "curves") if re.fullmatch(r"0\.\d{3}", text)]
    assert shares == [f"{value:.3f}" for value in torch.tensor([2.0, 1.0, 0.0]).softmax(0)]
    assert "(" + ", ".join(shares) + ")" in (
        ROOT / "exercises/ex05_activation/README.md"
    ).read_text(encoding="utf-8")


def test_a_text_that_sticks_out_is_refused(script: ModuleType) -> None:
    picture = sys.modules["pictures.svg"].Picture("t", "d")
    with pytest.raises(ValueError, match="sticks out"):
        picture.text(5, 5, "wide")
