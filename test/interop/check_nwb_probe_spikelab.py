"""Reads NWB files with both of SpikeLab's readers: the first electrode of a unit is its electrode, and x, y, z of the row its place.

A case is one of nwb-probe-cases.ts. With pynwb SpikeLab 0.1.2 cannot read units that have electrodes, see check_nwb_spikelab.py.
"""

import warnings

import checks
import numpy as np
from check_nwb_spikelab import failure_problems
from spikelab.data_loaders.data_loaders import load_spikedata_from_nwb

AXES = ("x", "y", "z")


def check(case, manifest, folder):
    yield from loaded_problems(case, False)
    if case["units"]["electrodes"] is None:
        yield from loaded_problems(case, True)
    else:
        yield from failure_problems(case["file"], len(case["units"]["ids"]))


def loaded_problems(case, prefer_pynwb):
    how = f"{'with' if prefer_pynwb else 'without'} pynwb"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sd = load_spikedata_from_nwb(case["file"], prefer_pynwb=prefer_pynwb)
    trains = [list(np.round(train, 9)) for train in sd.train]
    wanted = [[1.0 + unit, 2.5 + unit] for unit in range(len(case["units"]["ids"]))]
    if trains != wanted:
        yield f"{how}: trains {trains}"
    found = [plain(attributes) for attributes in sd.neuron_attributes]
    if found != list(attributes_of(case)):
        yield f"{how}: {found}, expected {list(attributes_of(case))}"


def plain(attributes):
    return {name: list(value) if name == "location" else value for name, value in attributes.items()}


def attributes_of(case):
    """What is found without pynwb: the row of the first electrode stands for its id."""
    ids, columns = case["electrodes"]["ids"], case["electrodes"]["columns"]
    units = case["units"]
    for unit, electrodes in zip(units["ids"], units["electrodes"] or [[]] * len(units["ids"])):
        attributes = {"unit_id": unit}
        if electrodes:
            row = ids.index(electrodes[0])
            attributes["electrode"] = row
            if "x" in columns and row in ids:
                attributes["location"] = [columns[axis][ids.index(row)] for axis in AXES]
        yield attributes


if __name__ == "__main__":
    checks.run(check)
