"""The five operating models of `OPERATING_MODELS.md`, each a document in the plan language beside this file."""

from functools import lru_cache
from importlib.resources import files

from chalicelib.commissions.rules.plan import Plan, decode_plan
from chalicelib.errors import NotFound

NAMES = ("assessed", "three_tier", "stock_clearance", "breakaway", "simple_referral")


class PresetUnknown(NotFound):
    """There is no preset of that name."""

    code = "preset_unknown"


def read(name: str) -> bytes:
    """Give the document of a preset, for a brand to copy and edit. Raises `PresetUnknown`."""
    if name not in NAMES:
        raise PresetUnknown(f"There is no preset “{name}”. Choose one of {', '.join(NAMES)}.", param="preset")
    return files(__package__).joinpath(f"{name}.json").read_bytes()


@lru_cache(maxsize=len(NAMES))
def load(name: str) -> Plan:
    """Give a preset as a plan. Raises `PresetUnknown`."""
    return decode_plan(read(name))
