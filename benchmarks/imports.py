"""What `import csflow` and `csflow --help` cost beyond bare Python, in one run, alternately.

`python benchmarks/imports.py [--json]` prints milliseconds: the median of the pairwise differences.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

ROUNDS = 15
CASES = {
    "import csflow": ("import csflow", 150),
    "csflow --help": ("import sys; sys.argv = ['csflow', '--help']\nfrom csflow.cli import main\nmain()", 300),
    "load and check policies/cn": ("import csflow; csflow.standard_pack('cn')", None),
}


def seconds(code: str) -> float:
    """Wall time of one fresh interpreter."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def beyond_bare(code: str) -> float:
    """Median over pairs of (with code) - (without), in milliseconds."""
    seconds(code)
    return 1000 * statistics.median(seconds(code) - seconds("pass") for _ in range(ROUNDS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    as_json = parser.parse_args().json
    figures, goals = {}, {}
    for name, (code, goal) in CASES.items():
        figures[name] = round(beyond_bare(code), 1)
        if goal is not None:
            goals[name] = {"goal": f"<= {goal} ms", "met": figures[name] <= goal}
        print(f"{name:30} {figures[name]:8.1f} ms beyond bare Python" + (f" (goal {goal})" if goal else ""))
    if as_json:
        print(json.dumps({"figures": figures, "goals": goals}))


if __name__ == "__main__":
    main()
