"""Compares objects that Python has pickled with what came of them in Node, which has loaded and exported them again.

A case: {name, file, again}.
"""

import datetime
import pathlib
import pickle
import sys

import checks
import numpy as np
from differences import differences
from spikelab.data_loaders.data_loaders import load_from_pickle
from spikelab.spikedata import RateData, SpikeData
from write_pickles import old_recording

LARGEST_SAFE = 2**53 - 1


def check(case, manifest, folder):
    old_recording()
    sys.setrecursionlimit(100_000)
    original = load_from_pickle(case["file"])
    with open(case["again"], "rb") as file:
        again = pickle.load(file)
    yield from differences(AsLoaded().instance(original), again, case["name"])


class AsLoaded:
    """What docs/pickle.md states of each type."""

    def __init__(self):
        self.known = {}

    def instance(self, value):
        old = type(value).__module__ == "spikedata.spikedata"
        made = object.__new__(SpikeData if old else type(value))
        attributes = {"start_time": 0.0, **vars(value)} if old else vars(value)
        made.__dict__.update(
            {name: self.attribute(value, name, a) for name, a in attributes.items()}
        )
        return made

    def attribute(self, owner, name, value):
        if name in ("length", "start_time", "step_size"):
            return float(value)
        if name == "train":
            return [np.array(train, np.float64) for train in value]
        if name == "labels" and isinstance(value, np.ndarray):
            return value.tolist()
        if name == "spike_stack":
            return [self.instance(slice) for slice in value]
        if name == "inst_Frate_data" and isinstance(owner, RateData):
            return np.array(value, np.float64)
        return self.value(value)

    def value(self, value):
        if id(value) not in self.known:
            known = self.make(value)
            # Objects of which others may be made again at the same place must not be lost.
            self.known[id(value)] = (known, value)
        return self.known[id(value)][0]

    def make(self, value):
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, np.generic):
            return self.scalar(value)
        if isinstance(value, list):
            made = []
            self.known[id(value)] = (made, value)
            made.extend(self.value(item) for item in value)
            return made
        if isinstance(value, tuple):
            items = [self.value(item) for item in value]
            # An item may have led back to the tuple, and made it.
            return self.known[id(value)][0] if id(value) in self.known else tuple(items)
        if isinstance(value, dict):
            return {self.value(key): self.value(item) for key, item in value.items()}
        if isinstance(value, (set, frozenset)):
            return {self.value(item) for item in value}
        return plain(value)

    def array(self, value):
        kind = value.dtype.kind
        if kind == "b":
            return np.array(value, np.uint8, order="C")
        if kind == "c":
            wide = value.dtype.itemsize // 2
            parts = np.stack([value.real, value.imag], -1)
            return np.array(parts, f"<f{wide}", order="C")
        if kind in "USMO":
            return self.nested(value)
        narrow = value.dtype.itemsize == 2 and kind == "f"
        dtype = np.float32 if narrow else value.dtype.newbyteorder("=")
        return np.array(value, dtype, order="C")

    def nested(self, value):
        if value.ndim > 0:
            return [self.nested(np.asarray(item_of(value, i))) for i in range(len(value))]
        item = value[()]
        return self.value(item)

    def scalar(self, value):
        if isinstance(value, np.bool_):
            return bool(value)
        if isinstance(value, np.integer):
            return int(value)
        if isinstance(value, np.floating):
            return number(float(value))
        if isinstance(value, np.complexfloating):
            return parts(complex(value))
        if isinstance(value, np.bytes_):
            return value.decode("utf-8")
        if isinstance(value, np.datetime64):
            return None if np.isnat(value) else str(value)
        return str(value)


def item_of(array, i):
    """Row i, which for objects that are lists must not become an array of their items."""
    if array.ndim > 1 or array.dtype.kind != "O":
        return array[i]
    item = np.empty((), object)
    item[()] = array[i]
    return item


def number(value):
    """A number that is no float in Python: where it is whole it is an int."""
    is_negative_zero = value == 0 and np.signbit(value)
    whole = np.isfinite(value) and value == int(value) and not is_negative_zero
    return int(value) if whole and abs(value) <= LARGEST_SAFE else value


def parts(value):
    return {"real": number(value.real), "imag": number(value.imag)}


def plain(value):
    if isinstance(value, complex):
        return parts(value)
    if isinstance(value, (bytes, bytearray)):
        return np.frombuffer(bytes(value), np.uint8).copy()
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, datetime.timezone):
        moment = datetime.datetime(2024, 1, 1, tzinfo=value)
        return f"UTC{moment.isoformat()[19:]}"
    if isinstance(value, pathlib.PurePath):
        return str(value)
    if isinstance(value, np.dtype):
        return value.str
    return value


if __name__ == "__main__":
    checks.run(check)
