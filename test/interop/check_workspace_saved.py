"""Compares workspaces that SpikeLab saved with the same ones, loaded and exported by spikeport.

A case: {name, saved, again}. The paths have no extension.
"""

import json
from pathlib import Path

import checks
from check_workspace import in_order
from differences import differences
from hdf5_tree import file_differences

#: Rows of NaN, or of nothing, which SpikeLab's own file does not tell from missing ones.
UNMARKED = ("nan_row", "nothing")


def check(case, manifest, folder):
    saved, again = case["saved"], case["again"]
    for difference in file_differences(f"{saved}.h5", f"{again}.h5"):
        if not any(f"neuron_attributes/{name}" in difference for name in UNMARKED):
            yield difference
    index, other = (json.loads(Path(f"{path}.json").read_text()) for path in (saved, again))
    yield from differences(in_order(index), in_order(other), "index")


if __name__ == "__main__":
    checks.run(check)
