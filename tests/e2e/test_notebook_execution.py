"""Every notebook, as it is handed out, in a Jupyter kernel."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("exercises/*/*.ipynb"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[NotebookNode]]:
    """Run all of them in one kernel, which forgets in between; give the cells of each.

    Most of what a kernel costs is the import of torch. It is kept away from the configuration of
    whoever runs the tests.
    """
    private = tmp_path_factory.mktemp("jupyter")
    together = nbformat.v4.new_notebook()
    cells = {path.stem: nbformat.read(path, as_version=4).cells for path in NOTEBOOKS}
    for each in cells.values():
        together.cells += [nbformat.v4.new_code_cell("%reset -f"), *each]
    client = NotebookClient(
        together, timeout=100, allow_errors=True, resources={"metadata": {"path": str(private)}}
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(private / name.lower()))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        client.execute()
    return cells


# Jupyter's packages warn of one another.
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_a_fresh_notebook_runs_from_top_to_bottom(
    executed: dict[str, list[NotebookNode]], name: str
) -> None:
    code = [cell for cell in executed[name] if cell.cell_type == "code"]
    first = code[0].execution_count
    assert [cell.execution_count for cell in code] == list(range(first, first + len(code)))
    # An exception would be one, too.
    assert not [cell.outputs for cell in code if cell.outputs], "a stub shows nothing"
