"""Saves the workspaces of workspace_items.py, and one with what only Python has, with SpikeLab's own `save`: name, path and title as JSON."""

import json
import sys
import warnings

import h5py
import numpy as np
from spikelab.spikedata import SpikeData
from spikelab.workspace import AnalysisWorkspace
from workspace_items import WORKSPACES

folder, workspace_id, created_at = sys.argv[1], sys.argv[2], float(sys.argv[3])


def only_in_python() -> dict:
    return {
        "arrays": {
            "booleans": np.array([[True, False], [False, True]]),
            "bytes": np.array([b"a", b"bc"]),
            "big-endian": np.array([1, 2], ">i4"),
            "float16": np.array([0.5, 1], np.float16),
            "text without axes": np.array("text"),
            "fortran": np.asfortranarray([[1, 2, 3], [4, 5, 6]]),
        },
        "dicts": {
            "scalars": {
                "float32": np.float32(0.5),
                "whole float32": np.float32(2),
                "int16": np.int16(-3),
                "uint64": np.uint64(2**64 - 1),
                "bool_": np.bool_(True),
                "frozenset": frozenset([1, 2]),
                "matrix of booleans": [[True], [False]],
            }
        },
        "recordings": {
            "scalar types": SpikeData(
                [[1.0], [2.0]],
                length=5.0,
                neuron_attributes=[
                    {"int": np.int32(3), "bool": np.bool_(False), "float": 1.0},
                    {"float": 2.0, "list": [1.5, 2.5], "flags": np.array([True, False])},
                ],
                metadata={"integer": np.int64(2**60), "text": np.str_("a"), "flags": np.array([True])},
            )
        },
    }


saved = []
for name, make in {**WORKSPACES, "only in Python": only_in_python}.items():
    workspace = AnalysisWorkspace(name=f"{name}, µ")
    workspace.workspace_id = workspace_id
    workspace.created_at = created_at
    for namespace, keyed in make().items():
        workspace._items.setdefault(namespace, {})
        workspace._index.setdefault(namespace, {})
        for key, item in keyed.items():
            workspace.store(namespace, key, item, "a note" if len(saved) % 2 else None)
            workspace._index[namespace][key]["created_at"] = created_at
    path = f"{folder}/{name}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workspace.save(path)
    saved.append({"name": name, "path": path, "title": workspace.name})

# A file of before SpikeLab wrote the kinds of scalars and the units that lack an array.
with h5py.File(f"{folder}/only in Python.h5") as new, h5py.File(f"{folder}/old.h5", "w") as old:
    for attribute, value in new.attrs.items():
        old.attrs[attribute] = value
    for namespace in new:
        new.copy(namespace, old)

    def forget(_, found):
        for attribute in ("__scalar_kind__", "__missing_unit_indices__"):
            found.attrs.pop(attribute, None)

    old.visititems(forget)
saved.append({"name": "old", "path": f"{folder}/old", "title": "only in Python, µ"})
print(json.dumps(saved))
