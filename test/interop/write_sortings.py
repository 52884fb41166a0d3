"""Writes results of sorters as SpikeLab's sorter and SpikeInterface save them, and prints what there is: [{name, kind, file, options}].

write_sortings.py npz|spikeinterface FOLDER
"""

import json
import sys

import numpy as np


def spikelab_npz(folder) -> list:
    rng = np.random.default_rng(1)

    def unit(number, count, **more):
        samples = np.sort(rng.integers(0, 10**6, count))
        return {
            "unit_id": number * 3,
            "spike_train": samples.astype(more.pop("dtype", np.int64)),
            "x_max": 17.5 * number,
            "y_max": np.float64(35.0),
            "template": rng.normal(size=(61, 4)).astype(np.float32),
            "electrode": np.int64(100 + number),
            "amplitudes": rng.normal(size=count),
            "std_norms": np.array([0.5, 0.25]),
            "peak_sign": "neg",
            "max_channel_id": np.str_(f"ch{number}"),
            "not kept": {"a": 1},
            **more,
        }

    bare = {"unit_id": 7.0, "spike_train": np.array([9, 3, 5], np.uint32)}
    sets = {
        "usual": [unit(0, 500), unit(1, 0), unit(2, 70_000, dtype=np.int32)],
        "bare": [bare, unit(1, 3, peak_sign=np.str_("pos"))],
        "empty": [],
    }
    places = {"usual": np.array([[0.0, 1.5], [2, 3]]), "bare": np.array(None), "empty": None}
    cases = []
    for name, units in sets.items():
        held = np.empty(len(units), object)
        held[:] = units
        arrays = {"units": held, "fs": np.array(20_000.0 if name == "usual" else 30_000)}
        if places[name] is not None:
            arrays["locations"] = places[name]
        for save in (np.savez, np.savez_compressed):
            file = f"{folder}/{name} {save.__name__}.npz"
            save(file, **arrays)
            for options in ({}, {"lengthMs": 60_000}):
                cases.append({"name": f"{name}, {save.__name__}, {options}", "file": file, "options": options})
    return cases


def spikeinterface_folders(folder) -> list:
    from spikeinterface.core import NpzSortingExtractor, NumpySorting

    rng = np.random.default_rng(2)

    def trains(ids, *counts):
        return {i: np.sort(rng.integers(0, 10**6, c)) for i, c in zip(ids, counts)}

    numbered = NumpySorting.from_unit_dict([trains([4, 0, 9], 500, 0, 70_000), trains([4, 0, 9], 3, 4, 5)], 30_000.0)
    numbered.set_property("channel", np.array([7, 8, 9]))
    numbered.set_property("location", np.array([[1.5, 2], [3, 4], [5, 6]]))
    numbered.set_property("quality", np.array(["good", "mua", "µ"]))
    numbered.set_property("snr", np.array([1.5, np.nan, 3], np.float32))
    numbered.set_property("is_isolated", np.array([True, False, True]))
    numbered.set_property("matrix", np.arange(12).reshape(3, 2, 2))
    texts = NumpySorting.from_unit_dict([trains(["a", "b"], 5, 6)], 24_414.0625)
    empty = NumpySorting.from_unit_dict([{}], 30_000.0)
    cases = []
    for name, sorting in {"numbered": numbered, "texts": texts, "empty": empty}.items():
        files = {"numpy_folder": f"{folder}/{name}"}
        sorting.save(folder=files["numpy_folder"], format="numpy_folder")
        if name != "empty":
            files["npz_folder"] = f"{folder}/{name} npz"
            sorting.save(folder=files["npz_folder"], format="npz_folder")
            files["npz"] = f"{folder}/{name}.npz"
            NpzSortingExtractor.write_sorting(sorting, files["npz"])
        wanted = {"numbered": [{}, {"segmentIndex": 1}, {"unitIds": [9, 4]}, {"samplingFrequency": 20_000}], "texts": [{}, {"unitIds": ["b"]}]}
        for form, file in files.items():
            for options in wanted.get(name, [{}]):
                cases.append({"name": f"{name}, {form}, {options}", "form": form, "file": file, "options": options})
    return cases


if __name__ == "__main__":
    kind, folder = sys.argv[1:]
    write = {"npz": spikelab_npz, "spikeinterface": spikeinterface_folders}[kind]
    print(json.dumps([{"kind": kind, **case} for case in write(folder)]))
