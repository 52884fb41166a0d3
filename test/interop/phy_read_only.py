"""Opens a Phy folder without write permission, as on a read-only medium: phy_read_only.py FOLDER

Prints what phylib and SpikeInterface find: {samples, clusters, ids}.
"""

import json
import logging
import os
import sys
import warnings
from pathlib import Path

import pandas  # noqa: F401, as the user `nobody` may not load it later
from phylib.io.model import load_model
from spikeinterface.extractors import read_phy

NOBODY = 65534


def main(folder):
    folder.chmod(0o555)
    for file in folder.iterdir():
        file.chmod(0o444)
    user = os.geteuid()
    try:
        # Root may write anywhere.
        if user == 0:
            os.seteuid(NOBODY)
        return read(folder)
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


def read(folder):
    if os.access(folder, os.W_OK, effective_ids=True):
        raise PermissionError("The folder can be written to.")
    model = load_model(folder / "params.py")
    return {
        "samples": model.spike_samples.tolist(),
        "clusters": model.spike_clusters.tolist(),
        "ids": read_phy(folder).unit_ids.tolist(),
    }


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    print(json.dumps(main(Path(sys.argv[1]))))
