"""Runs Bombcell on a Phy folder, in which it leaves its tables: bombcell_tables.py FOLDER DAT CHANNELS FS.

Prints the metrics as JSON: {clusters, unitType, metrics}, as Bombcell returned them, null where a metric is NaN.
"""

import contextlib
import json
import sys
import tempfile
import warnings
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
# It prints while it is imported.
with contextlib.redirect_stdout(sys.stderr):
    from bombcell.default_parameters import get_default_parameters
    from bombcell.helper_functions import run_bombcell
    from bombcell.save_utils import get_metric_keys

folder, dat, channels, rate = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
with (
    contextlib.redirect_stdout(sys.stderr),
    warnings.catch_warnings(),
    tempfile.TemporaryDirectory() as results,
):
    warnings.simplefilter("ignore")
    param = get_default_parameters(folder, raw_file=dat, kilosort_version=4, gain_to_uV=1.0)
    param |= {
        "verbose": False,
        "plotGlobal": False,
        "plotDetails": False,
        "savePlots": False,
        "nChannels": channels,
        "nSyncChannels": 0,
        "ephys_sample_rate": rate,
        "joblib_backend_preference": "threads",
        "computeDistanceMetrics": True,
    }
    metrics, _, _, unit_types = run_bombcell(folder, Path(results), param)


def plain(values):
    return [None if value != value else float(value) for value in np.asarray(values, float)]


json.dump(
    {
        "clusters": plain(metrics["phy_clusterID"]),
        "unitType": [str(unit_type) for unit_type in unit_types],
        "metrics": {key: plain(metrics[key]) for key in get_metric_keys() if key in metrics},
    },
    sys.stdout,
)
