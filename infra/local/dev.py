"""`make dev`: the deployed stack, running the checkout itself and deployed again within seconds of every change.

The archive holds no code and no libraries, only a pointer to the checkout; so packaging takes under a second,
and API Gateway, stream and schedules are the same as ever.
"""

import dataclasses
import shutil
import threading
import time
from pathlib import Path

from infra.deploy import DeploymentFailed
from infra.local.lifecycle import bring_up
from infra.local.mails import show_mails
from infra.local.settings import LocalSettings
from infra.local.stack import Stack
from infra.packaging import PackagingFailed, fingerprint

LOOK_EVERY_S = 0.5
POINTER = '''"""Stands in for the app's archive: whoever imports `app` gets the one of the checkout."""

import importlib
import sys

sys.path.insert(0, {checkout!r})
del sys.modules["app"]
sys.modules["app"] = importlib.import_module("app")
'''


def serve(settings: LocalSettings) -> None:
    """Deploy, wait for a change, deploy again, until Ctrl-C. What cannot be deployed is told."""
    showing: threading.Thread | None = None
    while True:
        revision = fingerprint(settings.project)
        stack = _deploy_or_say_why(settings, revision)
        if stack and not showing:
            print(f"site {stack.url}, Stripe sandbox {stack.stripe_url}; Ctrl-C ends", flush=True)
            showing = threading.Thread(target=show_mails, args=(stack, threading.Event()), daemon=True)
            showing.start()
        while fingerprint(settings.project) == revision:
            time.sleep(LOOK_EVERY_S)


def pointing_project(checkout: Path, revision: str, folder: Path) -> Path:
    """Lay out a project in `folder` that runs the checkout; `revision` makes it differ after every change."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "infra").mkdir(parents=True)
    (folder / "chalicelib").mkdir()
    shutil.copytree(checkout / ".chalice", folder / ".chalice", ignore=shutil.ignore_patterns("deploy*"))
    shutil.copy(checkout / "infra" / "template.yaml", folder / "infra")
    (folder / "requirements.txt").write_text(f"# revision {revision}\n")
    (folder / "app.py").write_text(POINTER.format(checkout=str(checkout)))
    return folder


def _deploy_or_say_why(settings: LocalSettings, revision: str) -> Stack | None:
    project = pointing_project(settings.project, revision, settings.directory / "dev")
    started = time.monotonic()
    try:
        stack = bring_up(dataclasses.replace(settings, project=project), say=lambda _progress: None)
    except (PackagingFailed, DeploymentFailed) as wrong:
        print(wrong, flush=True)
        return None
    print(f"deployed {revision} in {time.monotonic() - started:.1f} s", flush=True)
    return stack
