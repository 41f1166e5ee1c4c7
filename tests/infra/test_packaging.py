"""Packaging: done again when a source changed, and only then."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.packaging import PackagingFailed, fingerprint, package, with_code_at


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("chalicelib/web", ".chalice", "infra"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("app.py", "requirements.txt", "chalicelib/money.py", ".chalice/config.json", "infra/template.yaml"):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project / "app.py").write_text("other"),
        lambda project: (project / "requirements.txt").write_text("other"),
        lambda project: (project / "infra/template.yaml").write_text("other"),
        lambda project: (project / ".chalice/policy.json").write_text("new"),
        lambda project: (project / "chalicelib/web/page.html").write_text("new"),
        lambda project: (project / "chalicelib/money.py").rename(project / "chalicelib/coins.py"),
    ],
)
def test_any_change_of_a_source_changes_the_fingerprint(project: Path, change: Callable[[Path], object]) -> None:
    before = fingerprint(project)

    change(project)

    assert fingerprint(project) != before


@pytest.mark.parametrize("name", ["chalicelib/__pycache__/money.pyc", ".chalice/deployed/prod.json", "README.md"])
def test_what_is_not_packaged_does_not_count(project: Path, name: str) -> None:
    before = fingerprint(project)

    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("new")

    assert fingerprint(project) == before


def test_what_was_packaged_from_the_same_sources_is_not_packaged_again(project: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache" / fingerprint(project)
    kept.mkdir(parents=True)
    (kept / "sam.yaml").write_text("Resources: {}")

    packed = package(project, tmp_path / "cache")

    assert packed.template == {"Resources": {}}
    assert packed.archive == kept / "deployment.zip"
    assert packed.archive_key == f"{packed.fingerprint}/deployment.zip"


def test_a_refusal_of_chalice_is_passed_on_and_nothing_is_kept(project: Path, tmp_path: Path) -> None:
    with pytest.raises(PackagingFailed, match="Unable to load the project config"):
        package(project, tmp_path / "cache")

    assert list((tmp_path / "cache").iterdir()) == []


def test_every_function_takes_its_code_from_the_bucket_and_the_rest_stays() -> None:
    function = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./deployment.zip", "Timeout": 29}}
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {}}
    template = {"Transform": "x", "Resources": {"APIHandler": function, "Table": table}}

    moved = with_code_at(template, "s3://bucket/key")

    assert moved["Resources"]["APIHandler"]["Properties"] == {"CodeUri": "s3://bucket/key", "Timeout": 29}
    assert moved["Resources"]["Table"] == table and moved["Transform"] == "x"
    assert function["Properties"]["CodeUri"] == "./deployment.zip", "the given template is left as it was"
