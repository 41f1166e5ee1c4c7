"""axe-core, which finds what people with a screen reader, a keyboard or weak eyes stumble over (WCAG 2.2 A and AA)."""

import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

PACKAGE = "axe-core@4.14.1"
KEPT_IN = Path(__file__).parents[2] / ".local" / "npm" / PACKAGE
RUN = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  rules: {"target-size": {enabled: true}}, resultTypes: ["violations"],
})).violations.map((broken) =>
  `${broken.id} (${broken.help}): ` + broken.nodes.slice(0, 4).map((node) =>
    node.html.slice(0, 160) + " ← " + node.any.concat(node.all).map((one) => one.message).join("; ")
  ).join("\\n      "))"""


@cache
def script():
    """Give the script, fetched with npm if it is not there yet."""
    path = KEPT_IN / "axe.min.js"
    if not path.is_file():
        npm = shutil.which("npm")
        assert npm, "axe-core comes from npm, which is not on this machine. On Debian: apt-get install npm"
        KEPT_IN.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [npm, "pack", "--silent", PACKAGE, "--pack-destination", str(KEPT_IN)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        [archive] = KEPT_IN.glob("*.tgz")
        with tarfile.open(archive) as packed:
            path.write_bytes(packed.extractfile("package/axe.min.js").read())
    return path.read_text("utf-8")


def violations(page):
    """Give what is wrong with a page that lets scripts run, a text each."""
    page.evaluate(script())
    return page.evaluate(RUN)
