"""Reads NWB files with neo: trains, signals and epochs.

A case: {name, file, trains, window, series, epochs, error}: trains and `window` in ms; `series` as check_nwb_tables.py has them, of those that neo
reads; `epochs` are starts, ends and labels; and `error` is what neo says instead, unless that is null.
"""

import warnings

import checks
import numpy as np
from neo.io import NWBIO


def check(case, manifest, folder):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            (block,) = NWBIO(case["file"], "r").read_all_blocks()
    except (NotImplementedError, ValueError) as error:
        if not case["error"] or case["error"] not in str(error):
            yield f"{type(error).__name__}: {error}"
        return
    if case["error"]:
        yield "reads it"
    (segment,) = block.segments
    yield from train_problems(segment.spiketrains, case)
    signals = {signal.name: signal for signal in [*segment.analogsignals, *segment.irregularlysampledsignals]}
    if sorted(signals) != sorted(path.split("/")[-1] for path in case["series"]):
        yield f"signals {list(signals)}"
    for path, expected in case["series"].items():
        yield from signal_problems(signals[path.split("/")[-1]], path, expected)
    found = [[list(epoch.times.magnitude), list(epoch.times.magnitude + epoch.durations.magnitude), list(epoch.labels)] for epoch in segment.epochs]
    if found != case["epochs"]:
        yield f"epochs {found}"


def train_problems(trains, case):
    if len(trains) != len(case["trains"]):
        yield f"{len(trains)} trains"
    for unit, (found, expected) in enumerate(zip(trains, case["trains"])):
        if not np.array_equal(found.rescale("s").magnitude, np.array(expected, float) / 1000):
            yield f"spike times of unit {unit}: {found}"
        window = [float(found.t_start.rescale("s")), float(found.t_stop.rescale("s"))]
        if window != [time / 1000 for time in case["window"]]:
            yield f"window of unit {unit}: {window}"


def signal_problems(signal, path, expected):
    data = np.array(expected["data"]).reshape(len(expected["data"]), -1)
    if not np.array_equal(signal.magnitude, data):
        yield f"{path}: {signal}"
    # The conversion is the prefix of the unit.
    unit, scale = UNITS[expected["unit"]], expected["conversion"]
    if float(signal.units.rescale(unit).magnitude) != scale:
        yield f"{path} in {signal.units}"
    if "timestamps" in expected:
        if not np.array_equal(signal.times.rescale("s").magnitude, expected["timestamps"]):
            yield f"times of {path}: {signal.times}"
    elif [float(signal.sampling_rate), float(signal.t_start)] != [expected["rate"], expected["start"]]:
        yield f"{path} from {signal.t_start} at {signal.sampling_rate}"


UNITS = {"volts": "V", "meters": "m"}


if __name__ == "__main__":
    checks.run(check)
