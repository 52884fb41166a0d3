"""Loads NWB files with SpikeLab, without pynwb, and prints what it finds.

Arguments: a JSON list of paths in a file. Prints JSON: for each {trains, start, length, attributes}, or {error}.
"""

import json
import sys
import warnings

from spikelab.data_loaders.data_loaders import load_spikedata_from_nwb


def plain(value):
    """A value that JSON has: NaN as text."""
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, float) and value != value:
        return "NaN"
    return value.item() if hasattr(value, "item") else value


def found_in(path):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sd = load_spikedata_from_nwb(path, prefer_pynwb=False)
    except (ValueError, KeyError) as error:
        return {"error": str(error)}
    attributes = [{name: plain(value) for name, value in unit.items()} for unit in sd.neuron_attributes or []]
    trains = [train.tolist() for train in sd.train]
    return {"trains": trains, "start": sd.start_time, "length": sd.length, "attributes": attributes}


def main():
    with open(sys.argv[1]) as file:
        print(json.dumps([found_in(path) for path in json.load(file)]))


if __name__ == "__main__":
    main()
