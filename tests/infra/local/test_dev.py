"""`make dev`: an archive without code that runs the checkout, and is new after each change."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.dev import pointing_project
from infra.packaging import fingerprint, package


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for folder in (".chalice/deployed", "infra", "chalicelib"):
        (root / folder).mkdir(parents=True)
    (root / ".chalice/config.json").write_text('{"version": "2.0", "app_name": "shop", "stages": {"prod": {}}}')
    (root / "infra/template.yaml").write_text("Parameters: {}")
    (root / "requirements.txt").write_text("stripe")
    (root / "chalicelib/__init__.py").write_text("GREETING = 'from the checkout'")
    (root / "app.py").write_text(
        "import chalicelib\nfrom chalice import Chalice\napp = Chalice(app_name='shop')\n"
        "@app.route('/greet')\ndef greet():\n    return chalicelib.GREETING\n"
    )
    return root


def test_whoever_imports_the_archives_app_gets_the_checkouts(checkout: Path, tmp_path: Path) -> None:
    project = pointing_project(checkout, "1", tmp_path / "dev")

    asked = [sys.executable, "-c", "import app; print(app.greet(), app.__file__)"]
    answer = subprocess.run(asked, cwd=project, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == f"from the checkout {checkout / 'app.py'}"


def test_the_routes_of_the_checkout_are_packaged_without_its_libraries(checkout: Path, tmp_path: Path) -> None:
    packed = package(pointing_project(checkout, "1", tmp_path / "dev"), tmp_path / "cache")

    assert "/greet" in packed.template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    assert packed.archive.stat().st_size < 1_000_000


def test_a_new_revision_makes_a_new_archive(checkout: Path, tmp_path: Path) -> None:
    first = fingerprint(pointing_project(checkout, "1", tmp_path / "dev"))
    second = fingerprint(pointing_project(checkout, "2", tmp_path / "dev"))
    again = fingerprint(pointing_project(checkout, "2", tmp_path / "dev"))

    assert first != second == again
