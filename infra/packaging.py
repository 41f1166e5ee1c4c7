"""From the sources to what CloudFormation takes: one archive for all functions and the merged template.

Packaging takes seconds, so the result is kept under the fingerprint of what went in.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SOURCES = ("app.py", "chalicelib", "requirements.txt", ".chalice", "infra/template.yaml")
LEFT_OUT = {"__pycache__", "deployed", "deployments", ".DS_Store"}
STAGE = "prod"  # the only one: the local stack runs what production runs
FUNCTION = "AWS::Serverless::Function"

Template = dict[str, Any]


class PackagingFailed(RuntimeError):
    """`chalice package` refused; the message is what it said."""


@dataclass(frozen=True)
class Package:
    """A packaged deployment: the template as data, the archive on disk, and the fingerprint of the sources."""

    fingerprint: str
    template: Template
    archive: Path

    @property
    def archive_key(self) -> str:
        """Where the archive goes in a bucket; the same sources give the same key, so nothing is updated."""
        return f"{self.fingerprint}/deployment.zip"


def package(project: Path, cache: Path) -> Package:
    """Package the app of `project`, or give back what was packaged from the same sources."""
    mark = fingerprint(project)
    kept = cache / mark
    if not (kept / "sam.yaml").is_file():
        _package_anew(project, kept)
        _forget_others(cache, kept)
    template: Template = yaml.safe_load((kept / "sam.yaml").read_text())
    return Package(mark, template, kept / "deployment.zip")


def fingerprint(project: Path) -> str:
    """Give 16 hex digits that change with any byte or name of the sources or the Python version."""
    digest = hashlib.sha256(f"{sys.version_info.major}.{sys.version_info.minor}".encode())
    for path in _source_files(project):
        content = path.read_bytes()
        digest.update(f"\0{path.relative_to(project).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def with_code_at(template: Template, uri: str) -> Template:
    """Give a copy of the template in which every function takes its code from `uri` (`s3://bucket/key`)."""
    resources = {
        logical_id: {**resource, "Properties": {**resource["Properties"], "CodeUri": uri}}
        if resource.get("Type") == FUNCTION
        else resource
        for logical_id, resource in template["Resources"].items()
    }
    return {**template, "Resources": resources}


def _source_files(project: Path) -> Iterator[Path]:
    for source in SOURCES:
        root = project / source
        paths = sorted(root.rglob("*")) if root.is_dir() else [root]
        for path in paths:
            if path.is_file() and not LEFT_OUT & set(path.parts) and path.suffix != ".pyc":
                yield path


def _package_anew(project: Path, kept: Path) -> None:
    """Run `chalice package` beside `kept` and move the result there whole: a killed run leaves nothing half."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_name(f"{kept.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [str(Path(sys.executable).with_name("chalice")), "package", "--stage", STAGE]
    command += ["--merge-template", "infra/template.yaml"]
    command += ["--template-format", "yaml", "--pkg-format", "cloudformation", str(unfinished)]
    environment = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise PackagingFailed(done.stdout + done.stderr)
    shutil.rmtree(kept, ignore_errors=True)
    unfinished.rename(kept)


def _forget_others(cache: Path, kept: Path) -> None:
    for entry in cache.iterdir():
        if entry != kept:
            shutil.rmtree(entry)
