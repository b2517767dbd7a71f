"""Every notebook, as it is handed out, in a Jupyter kernel."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("exercises/*/*.ipynb"))

pytestmark = pytest.mark.slow


@pytest.fixture
def private_jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Jupyter away from the configuration of whoever runs the tests."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")


# Jupyter's packages warn of one another.
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_fresh_notebook_runs_from_top_to_bottom(
    private_jupyter: None, tmp_path: Path, path: Path
) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=100, resources={"metadata": {"path": str(tmp_path)}})

    # An exception in a cell is one here.
    client.execute()

    executed = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in executed] == list(range(1, len(executed) + 1))
    assert not [cell.outputs for cell in executed if cell.outputs], "a stub shows nothing"
