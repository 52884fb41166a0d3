"""Compares recordings that Node has loaded and exported to a pickle with what SpikeLab's loaders make of the same files.

A case: {name, kind, form, file, options, again}.
"""

import pickle
import warnings

import checks
import numpy as np
from spikelab.data_loaders import data_loaders as loaders

NAMES = {"lengthMs": "length_ms", "segmentIndex": "segment_index", "unitIds": "unit_ids", "samplingFrequency": "sampling_frequency"}


def check(case, manifest, folder):
    expected = expectation(case)
    with open(case["again"], "rb") as file:
        actual = pickle.load(file)
    for name in ("N", "start_time", "length"):
        if getattr(expected, name) != getattr(actual, name):
            yield f"{name}: expected {getattr(expected, name)!r}, found {getattr(actual, name)!r}"
    for unit, (left, right) in enumerate(zip(expected.train, actual.train)):
        if left.astype(float).tobytes() != right.tobytes():
            yield f"the times of unit {unit} differ"
    # SpikeLab takes properties of the units by their places in the subset, which are others.
    is_subset = "unitIds" in case["options"]
    for unit, attributes in enumerate(expected.neuron_attributes or []):
        for name, value in attributes.items():
            found = actual.neuron_attributes[unit].get(name)
            if not (is_subset and name != "unit_id") and not is_same(value, found):
                yield f"{name} of unit {unit}: expected {value!r:.80}, found {found!r:.80}"
    for name, value in expected.metadata.items():
        found = actual.metadata.get(name)
        if not (value is None or is_same(value, found)):
            yield f"metadata {name}: expected {value!r:.80}, found {found!r:.80}"
    if case["kind"] == "spikeinterface":
        yield from property_differences(case, actual)


def expectation(case):
    options = {NAMES[name]: value for name, value in case["options"].items()}
    if case["kind"] == "npz":
        return loaders.load_spikedata_from_spikelab_sorted_npz(case["file"], **options)
    return loaders.load_spikedata_from_spikeinterface(sorting(case), **options)


def sorting(case):
    from spikeinterface.core import NpzSortingExtractor, load

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return NpzSortingExtractor(case["file"]) if case["form"] == "npz" else load(case["file"])


def property_differences(case, actual):
    """All properties, by the ids of the units: also of a subset."""
    saved = sorting(case)
    ids = list(saved.get_unit_ids())
    for attributes in actual.neuron_attributes or []:
        row = ids.index(attributes["unit_id"])
        for name in saved.get_property_keys():
            value = saved.get_property(name)[row]
            if not is_same(value, attributes.get(name)):
                yield f"{name} of unit {attributes['unit_id']}: expected {value!r:.80}, found {attributes.get(name)!r:.80}"


def is_same(expected, actual) -> bool:
    if isinstance(expected, np.ndarray) and expected.dtype == object:
        return expected[()] is None and actual is None
    left, right = np.asarray(expected), np.asarray(actual)
    if left.dtype.kind in "US":
        return left.tolist() == right.tolist()
    return left.shape == right.shape and np.array_equal(left, right, equal_nan=left.dtype.kind == "f")


if __name__ == "__main__":
    checks.run(check)
