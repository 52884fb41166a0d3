"""Exports a recording of SpikeInterface to a Phy folder; prints its units, trains in samples and sampling frequency as JSON."""

import contextlib
import json
import sys
from pathlib import Path

from spikeinterface.core import create_sorting_analyzer, generate_ground_truth_recording
from spikeinterface.exporters import export_to_phy

folder = Path(sys.argv[1]) / "phy"
with contextlib.redirect_stdout(sys.stderr):
    recording, sorting = generate_ground_truth_recording(durations=[4.0], num_channels=6, num_units=4, seed=3)
    analyzer = create_sorting_analyzer(sorting, recording, sparse=False)
    analyzer.compute(["random_spikes", "waveforms", "templates", "noise_levels", "spike_amplitudes"])
    export_to_phy(analyzer, folder, copy_binary=False, compute_pc_features=False, verbose=False)
    units = list(sorting.unit_ids)
    ids = [int(unit) for unit in units]
    trains = [sorting.get_unit_spike_train(unit).tolist() for unit in units]
json.dump({"folder": str(folder), "trains": trains, "ids": ids, "fsHz": sorting.sampling_frequency, "groups": len(units)}, sys.stdout)
