"""Real data: spikes of a grasshopper's auditory receptor under two stimuli, as the package nitime ships them.

As a script it prints the folder of its text files. They hold one time in µs a line, after lines of comments.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

FOLDER = Path(find_spec("nitime").origin).parent / "data"


def microseconds() -> list:
    """The two trains."""
    return [
        np.loadtxt(FOLDER / f"grasshopper_spike_times{i}.txt", np.int64) for i in (1, 2)
    ]


if __name__ == "__main__":
    print(FOLDER, end="")
