"""Loads workspaces with SpikeLab, compares every object with the one that its constructors make, and has SpikeLab save them again.

A case: {name, file, path, notes, title}. The paths have no extension.
"""

import json
import warnings
from pathlib import Path

import checks
import numpy as np
from differences import differences
from hdf5_tree import file_differences
from pickle_objects import use
from spikelab.spikedata import SpikeData
from spikelab.workspace import AnalysisWorkspace
from workspace_items import WORKSPACES

#: A mark of ours where SpikeLab would lose rows of NaN, or of nothing; its own files have none.
MARKED = ("nan_row", "nothing")


def check(case, manifest, folder):
    path = case["path"]
    expected = WORKSPACES[case["name"]]()
    workspace = AnalysisWorkspace.load(path)
    yield from differences(case["title"], workspace.name, "name")
    yield from differences(manifest["id"], workspace.workspace_id, "id")
    yield from differences(manifest["createdAt"], workspace.created_at, "date")
    yield from differences(
        {ns: sorted(keys) for ns, keys in sorted(expected.items())},
        {ns: sorted(keys) for ns, keys in workspace.list_keys().items()},
        "keys",
    )
    for namespace, keyed in expected.items():
        for key, wanted in keyed.items():
            place = f"{namespace}, {key}"
            found = workspace.get(namespace, key)
            yield from differences(in_order(wanted), in_order(found), place)
            if len(keyed) < 100:
                alone = AnalysisWorkspace.load_item(path, namespace, key)
                yield from differences(in_order(wanted), in_order(alone), f"{place}, alone")
            if isinstance(wanted, SpikeData) and wanted.N > 0:
                yield from differences(use(wanted), use(found), f"{place}, used")
            note = workspace.get_info(namespace, key).get("note")
            yield from differences(case["notes"].get(namespace, {}).get(key), note, f"{place}, note")
    yield from saved_differences(workspace, path, folder / "loaded")
    yield from fresh_differences(case, expected, workspace, folder / "fresh")


def saved_differences(workspace, path, copy):
    """What SpikeLab's own `save` of what it has loaded makes otherwise: nothing, to the last byte of the index."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workspace.save(str(copy))
    for difference in file_differences(f"{copy}.h5", f"{path}.h5"):
        if not ("__missing_unit_indices__" in difference and any(name in difference for name in MARKED)):
            yield f"saved again: {difference}"
    if Path(f"{copy}.json").read_bytes() != Path(f"{path}.json").read_bytes():
        yield "the index that SpikeLab saves is another one"


def fresh_differences(case, expected, loaded, path):
    """Whether the index is what SpikeLab says of objects that were never in a file."""
    workspace = AnalysisWorkspace(name=case["title"])
    workspace.workspace_id = loaded.workspace_id
    workspace.created_at = loaded.created_at
    for namespace, keyed in expected.items():
        workspace._items[namespace] = {}
        workspace._index[namespace] = {}
        for key, item in keyed.items():
            workspace.store(namespace, key, item, case["notes"].get(namespace, {}).get(key))
            workspace._index[namespace][key]["created_at"] = loaded.created_at
    index = json.loads(json.dumps(workspace.describe()))
    written = json.loads(Path(f"{case['path']}.json").read_text())
    yield from differences(in_order(index), in_order(written["index"]), "index")


def in_order(value):
    """The same with the keys of dicts in order: a file has them in the order of their names."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if type(value).__module__.startswith("spikelab."):
        ordered = type(value).__new__(type(value))
        # Metadata is JSON, which keeps the order.
        ordered.__dict__.update(
            {name: item if name == "metadata" else in_order(item) for name, item in vars(value).items()}
        )
        return ordered
    if isinstance(value, np.ndarray):
        return np.array(value)
    return value


if __name__ == "__main__":
    checks.run(check)
