from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.working_copy.definitions import restored, without

ORIGINAL = '''\
"""The exercise."""

import torch

# What to fill in.
FACTS = {
    "two": None,  # TODO
}


def double(x):
    """Double."""
    raise NotImplementedError("TODO")


class Net:
    def forward(self, x):
        raise NotImplementedError("TODO")
'''
WRITTEN = '''\
"""The exercise."""
import torch

# What to fill in.
FACTS = {"two": 2}
def helper(x):
    return x
@torch.no_grad()
def double(x):
    # 中文注释
    return helper(x) * 2


class Net:
    def forward(self, x):
        return x

Net = Net()

if __name__ == "__main__":
    print(double(2))
'''


def test_one_definition_goes_back_and_all_else_stays() -> None:
    text = restored(WRITTEN, ORIGINAL, ["double"])
    assert "helper(x) * 2" not in text
    assert "@torch.no_grad()" not in text
    assert 'raise NotImplementedError("TODO")\n\n\nclass Net' in text
    assert "def helper(x):\n    return x\n" in text
    assert 'FACTS = {"two": 2}\n' in text
    assert text.endswith('if __name__ == "__main__":\n    print(double(2))\n')


def test_a_value_goes_back_with_all_its_lines() -> None:
    text = restored(WRITTEN, ORIGINAL, ["FACTS"])
    assert '# What to fill in.\nFACTS = {\n    "two": None,  # TODO\n}\ndef helper' in text


def test_a_class_that_its_instance_shadows_goes_back_without_the_instance() -> None:
    text = restored(WRITTEN, ORIGINAL, ["Net"])
    assert "Net = Net()" not in text
    assert text.count("class Net") == 1


def test_what_is_missing_comes_back_in_front_of_the_main_block() -> None:
    text = restored(without(WRITTEN, ["double"]), ORIGINAL, ["double"])
    assert text.index("def double") < text.index("if __name__")
    ast.parse(text)


def test_an_empty_file_gets_its_definitions() -> None:
    text = restored("", ORIGINAL, ["FACTS", "double"])
    assert [node.lineno for node in ast.parse(text).body] == [1, 6]


def test_what_is_no_python_is_left_alone() -> None:
    with pytest.raises(SyntaxError):
        restored("def double(x) return x", ORIGINAL, ["double"])


@given(names=st.permutations(["FACTS", "double", "Net"]), keep=st.booleans())
def test_all_names_together_give_what_was_handed_out(names: list[str], *, keep: bool) -> None:
    written = WRITTEN if keep else without(WRITTEN, names)
    text = restored(written, ORIGINAL, names)
    given_out = {ast.dump(node) for node in ast.parse(ORIGINAL).body[2:]}
    assert given_out <= {ast.dump(node) for node in ast.parse(text).body}
