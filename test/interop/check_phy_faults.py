"""Checks the checkers of Phy folders: each deliberate fault must be found by those readers that can see it.

Takes a manifest of one case of check_phy.py without limits. Prints [[name, problems], …].
"""

import json
import logging
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from check_phy import expected_of, outcome
from phy_readers import READERS

TRAINS = ["phylib", "read_phy", "read_kilosort", "neo", "SpikeLab"]
ELECTRODES = ["phylib", "SpikeLab", "read_kilosort, main channels"]


def change(name, at, by=1):
    """Adds to one element of an array."""

    def make(folder):
        array = np.load(folder / name)
        array[at] += by
        np.save(folder / name, array)

    return make


def replace(name, text, other):
    def make(folder):
        path = folder / name
        path.write_text(path.read_text().replace(text, other))

    return make


FAULTS = {
    "none": (lambda folder: None, []),
    "one sample later": (change("spike_times.npy", -1), TRAINS),
    "another unit": (change("spike_clusters.npy", 0), TRAINS),
    "another rate": (replace("params.py", "30000", "30001"), TRAINS[:4]),
    "another id": (
        replace("cluster_si_unit_ids.tsv", "\t12\n", "\t13\n"),
        ["phylib", "read_phy", "read_kilosort", "neo"],
    ),
    "another group": (
        replace("cluster_group.tsv", "\tgood\n", "\tnoise\n"),
        ["phylib", "read_phy", "neo", "SpikeLab"],
    ),
    "another label": (
        replace("cluster_KSLabel.tsv", "\tgood\n", "\tmua\n"),
        ["phylib", "read_phy", "read_kilosort", "neo"],
    ),
    "another electrode": (
        replace("cluster_electrode.tsv", "\t7\n", "\t6\n"),
        ["phylib", "read_phy", "neo"],
    ),
    "another number": (
        replace("cluster_snr.tsv", "\t2.5\n", "\t2.25\n"),
        ["phylib", "read_phy", "neo"],
    ),
    "another channel": (change("channel_map.npy", 0, -1), ELECTRODES),
    "another template": (
        change("templates.npy", (0, 0, 1), 5),
        [*ELECTRODES, "read_kilosort_as_analyzer"],
    ),
    "another place": (
        change("channel_positions.npy", 0),
        ["phylib", "SpikeLab", "read_kilosort_as_analyzer"],
    ),
    "another amplitude": (change("amplitudes.npy", 0), ["phylib"]),
}


def check(case, recordings):
    expected = expected_of(case, recordings)
    for fault, (make, finders) in FAULTS.items():
        found = set()
        for name, read in READERS.items():
            with tempfile.TemporaryDirectory() as base:
                folder = Path(base) / "folder"
                shutil.copytree(case["folder"], folder)
                make(folder)
                problems, error = outcome(read, folder, expected)
                if problems or error:
                    found.add(name)
        missed = [name for name in finders if name not in found]
        problems = [f"{name} did not find it" for name in missed]
        if fault == "none":
            problems += [f"{name} found something" for name in sorted(found)]
        yield fault, problems


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with open(sys.argv[1]) as file:
        manifest = json.load(file)
    print(json.dumps(list(check(manifest["cases"][0], manifest["recordings"]))))
