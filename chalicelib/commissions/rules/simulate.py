"""A plan run over an event file, in the order of its lines (OPERATING_MODELS.md, The simulator's files)."""

from collections.abc import Iterable, Iterator

from chalicelib.commissions.rules.earning import Earning
from chalicelib.commissions.rules.events import LineRefused, read_lines
from chalicelib.commissions.rules.simulation import Simulation
from chalicelib.errors import Refusal

__all__ = ["Earning", "LineRefused", "Simulation", "simulate", "simulate_blocks"]


def simulate(simulation: Simulation, lines: Iterable[bytes]) -> Iterator[tuple[int, Earning]]:
    """Run an event file, giving each earning with its line number (from 1; blank lines count and are skipped).

    Raises `LineRefused` at the first line that cannot be read or makes no sense.
    """
    for earnings in simulate_blocks(simulation, lines):
        for earning in earnings:
            yield earning.event_no, earning


def simulate_blocks(simulation: Simulation, blocks: Iterable[bytes]) -> Iterator[list[Earning]]:
    """As `simulate`, for blocks of whole lines (one or many), giving the earnings of each block together."""
    first_no = 1
    for block in blocks:
        refused: LineRefused | None = None
        try:
            for line_no, event in read_lines(block, first_no):
                simulation.take(line_no, event)
        except LineRefused as refusal:
            refused = refusal
        except Refusal as refusal:
            refused = LineRefused(line_no, refusal.message)
        yield simulation.fetch()
        if refused is not None:
            raise refused
        first_no += block.count(b"\n") or 1
