"""What each layer stops by itself, and what is possible as soon as it is gone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from unit.worker.test_lockdown import is_root, needs_root

from grader.session.acts import ACTS
from grader.worker.policy import LAYERS
from grader.worker.selftest import REQUIRED_ACTS
from grader.worker.selftest_targets import ALLOWED

if TYPE_CHECKING:
    from unit.worker.conftest import Locked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are those of Linux")

STOPPING = [layer for layer in LAYERS if any(layer in act.layers for act in ACTS.values())]
NAMESPACES = ("mount-namespace", "network-namespace", "ipc-namespace", "pid-namespace")

# A test runs where others may be; the scratch folder stops nothing and holds what acts write.
ALWAYS = "scratch"


def outcomes(
    ask: Locked, on: set[str], targets: dict[str, object], identity: str
) -> dict[str, str]:
    without = [layer for layer in LAYERS if layer not in on | {ALWAYS}]
    policy = {"without": without}
    found = ask("selftest", identity=identity, policy=policy, targets=targets)["value"]
    return {name: str(end) for name, end in found.items()}


def stopped(found: dict[str, str]) -> set[str]:
    return {name for name, end in found.items() if end != ALLOWED}


def test_every_act_is_in_the_table() -> None:
    assert set(ACTS) == set(REQUIRED_ACTS)
    assert all(set(act.layers) <= set(LAYERS) for act in ACTS.values())


@needs_root
def test_without_any_layer_root_may_do_everything(ask: Locked, targets: dict[str, object]) -> None:
    assert stopped(outcomes(ask, set(), targets, "open-root")) == set()


@needs_root
@pytest.mark.parametrize("layer", STOPPING)
def test_a_layer_alone_stops_what_the_table_says(
    ask: Locked, targets: dict[str, object], layer: str
) -> None:
    found = stopped(outcomes(ask, {layer}, targets, "open-root"))
    expected = {name for name, act in ACTS.items() if layer in act.layers}
    assert expected <= found
    # Nothing can be run or made large where nothing can be written to.
    side_effects = {"run_program", "exceed_file_size", "mount_folder", "change_root"}
    assert found - expected <= side_effects


@pytest.mark.parametrize("layer", ["limits", "seccomp", "descriptors"])
@pytest.mark.parametrize("identity", [pytest.param("open-root", marks=needs_root), "user"])
def test_what_a_layer_alone_stops_is_possible_without_it(
    ask: Locked, targets: dict[str, object], identity: str, layer: str
) -> None:
    found = outcomes(ask, set(LAYERS) - {layer}, targets, identity)
    only_here = {name for name, act in ACTS.items() if act.layers == (layer,)}
    # The root folder of the worker holds no program that could be run.
    assert {name for name in only_here if found[name] != ALLOWED} <= {"run_program"}


PAIRS = [
    # An act, the layer, and the others that would stop it too.
    ("see_file", "mount-namespace", ()),
    ("learn_host_name", "ipc-namespace", ()),
    ("work_elsewhere", "scratch", ()),
    ("learn_home", "environment", ()),
    ("share_session", "session", ("pid-namespace",)),
    ("gain_by_program", "no-new-privileges", ("landlock", "seccomp", *NAMESPACES, "uid")),
    ("start_many_threads", "limits", ()),
]


@pytest.mark.parametrize(
    ("act", "layer", "others"), PAIRS, ids=[f"{layer}-{act}" for act, layer, _ in PAIRS]
)
@pytest.mark.parametrize("identity", [pytest.param("root", marks=needs_root), "user"])
def test_an_act_is_refused_with_its_layer_and_allowed_without(
    ask: Locked,
    targets: dict[str, object],
    identity: str,
    act: str,
    layer: str,
    others: tuple[str, ...],
) -> None:
    if identity == "root" and act == "gain_by_program":
        identity = "user"

    def run(without: tuple[str, ...]) -> Any:
        policy = {"without": without, "processes": 40}
        return ask(act, identity=identity, policy=policy, secret=targets["secret_file"])["value"]

    assert run((*others, layer)) == ALLOWED
    assert run(others) != ALLOWED


BY_A_USER = ("descriptors", "mount-namespace", "network-namespace", "limits", "landlock", "seccomp")
"""The layers of which a user has them alone; one cannot have another uid or pid namespace."""
STOPPED_BY_BEING_A_USER = {
    "change_root",
    "find_sibling",
    "mount_folder",
    "open_raw_socket",
    "read_other_environment",
    "read_other_memory",
    "read_password_file",
    "regain_user",
    "signal_other",
    "signal_sibling",
    "trace_other",
    "write_library",
    "write_outside",
}


def test_without_any_layer_a_user_may_do_what_users_may(
    ask: Locked, targets: dict[str, object]
) -> None:
    assert stopped(outcomes(ask, set(), targets, "user")) <= STOPPED_BY_BEING_A_USER


@pytest.mark.parametrize("layer", BY_A_USER)
def test_a_layer_alone_stops_the_same_for_a_user(
    ask: Locked, targets: dict[str, object], layer: str
) -> None:
    found = stopped(outcomes(ask, {layer}, targets, "user"))
    expected = {name for name, act in ACTS.items() if layer in act.layers}
    assert expected <= found
    # It does so itself, and not the machine.
    assert expected - STOPPED_BY_BEING_A_USER


def test_a_user_who_is_master_of_a_namespace_gives_that_up(
    ask: Locked, targets: dict[str, object]
) -> None:
    def open_acts(*on: str) -> set[str]:
        return set(ACTS) - stopped(outcomes(ask, set(on), targets, "user"))

    assert "mount_folder" in open_acts("mount-namespace")
    assert "mount_folder" not in open_acts("mount-namespace", "capabilities")


@pytest.mark.skipif(not is_root, reason="needs root")
def test_a_user_is_stopped_by_one_layer_where_root_is_by_several(
    ask: Locked, targets: dict[str, object]
) -> None:
    for layer in ("landlock", "mount-namespace"):
        found = outcomes(ask, set(LAYERS) - {layer}, targets, "user")
        assert stopped(found) == set(ACTS), layer
