"""Reads raw data that was written from a stream with h5py, which then adds samples to it, and with pynwb.

A case: {name, file, path, times, axis, samples, dtype, channels, rate}: the dataset, the path of its times if it has any, the axis that
grows, a plain file of all samples, samples × channels, and the rate in Hz of an ElectricalSeries.
"""

import shutil

import checks
import h5py
import numpy as np
import pynwb


def check(case, manifest, folder):
    samples = np.fromfile(case["samples"], case["dtype"]).reshape(-1, case["channels"])
    expected = samples if case["axis"] == 0 else samples.T
    with h5py.File(case["file"]) as file:
        dataset = file[case["path"]]
        if dataset.dtype != np.dtype(case["dtype"]):
            yield f"the dtype is {dataset.dtype}"
        if dataset.maxshape[case["axis"]] is not None or dataset.maxshape[1 - case["axis"]] != case["channels"]:
            yield f"it can grow to {dataset.maxshape}"
        if not same(dataset[...], expected):
            yield "other samples"
        if case["times"] and len(file[case["times"]]) != len(samples):
            yield f"{len(file[case['times']])} times"
    yield from growing_problems(case, expected, folder / "grown.h5")
    if case["rate"]:
        yield from series_problems(case, samples)


def same(found, expected):
    return found.shape == expected.shape and found.tobytes() == expected.tobytes()


def growing_problems(case, expected, path):
    """Recording goes on, in the same file."""
    shutil.copy(case["file"], path)
    more = np.flip(expected, case["axis"])[:, :1000] if case["axis"] else np.flip(expected, 0)[:1000]
    with h5py.File(path, "r+") as file:
        dataset = file[case["path"]]
        length = expected.shape[case["axis"]]
        dataset.resize(length + more.shape[case["axis"]], case["axis"])
        if case["axis"]:
            dataset[:, length:] = more
        else:
            dataset[length:] = more
    with h5py.File(path) as file:
        if not same(file[case["path"]][...], np.concatenate([expected, more], case["axis"])):
            yield "other samples once it has grown"


def series_problems(case, samples):
    with pynwb.NWBHDF5IO(case["file"], "r") as io:
        series = io.read().acquisition["ElectricalSeries"]
        if not same(series.data[...], samples):
            yield "pynwb: other samples"
        if series.rate != case["rate"] or series.starting_time != 0:
            yield f"pynwb: from {series.starting_time} at {series.rate}"
        if len(series.electrodes.data) != case["channels"]:
            yield f"pynwb: {len(series.electrodes.data)} electrodes"
        errors = pynwb.validate(io=io)
    for error in errors if isinstance(errors, list) else errors[0]:
        yield f"the validator: {error}"


if __name__ == "__main__":
    checks.run(check)
