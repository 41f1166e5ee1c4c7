"""A project folder with the sample app, under the project's own template and chalice settings."""

import shutil
from pathlib import Path

from infra.local.settings import project_root

SAMPLE = Path(__file__).parent / "sample"


def make_project(folder: Path) -> Path:
    """Lay the project out in `folder`, which must not be there yet; give it back."""
    shutil.copytree(SAMPLE, folder)
    shutil.copytree(project_root() / ".chalice", folder / ".chalice", ignore=shutil.ignore_patterns("deploy*"))
    (folder / "infra").mkdir()
    shutil.copy(project_root() / "infra" / "template.yaml", folder / "infra")
    return folder
