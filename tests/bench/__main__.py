"""Run benchmarks by name, or all: `python -m tests.bench [cold_start] [order_units] …`."""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """Run each benchmark's `main`; its docstring says what it shows."""
    found = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in ("__init__", "__main__", "meter"))
    for name in names or found:
        if name not in found:
            print(f"There is no benchmark “{name}”. Choose from: {', '.join(found)}.", file=sys.stderr)
            return 2
        module = importlib.import_module(f"tests.bench.{name}")
        print(f"── {name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
