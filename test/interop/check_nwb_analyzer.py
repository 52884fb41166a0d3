"""Analyses the units of an NWB file with SpikeInterface, over the raw data of the same file.

A case: {name, file, fsHz, unitIds, peaks, conversion, usePynwb}; `peaks` are the channels on which the units are largest, and `conversion` is that
of the raw data, in V. The manifest has the `recordings`, of which `analysed` is the truth.
"""

import checks
import numpy as np
from arrays import array
from spikeinterface import create_sorting_analyzer, load_sorting_analyzer
from spikeinterface.extractors import read_nwb_recording, read_nwb_sorting

SERIES = "acquisition/ElectricalSeries"
BEFORE = 30
AFTER = 60


def check(case, manifest, folder):
    truth = manifest["recordings"]["analysed"]
    how = {"electrical_series_path": SERIES, "use_pynwb": case["usePynwb"]}
    recording = read_nwb_recording(case["file"], **how)
    sorting = read_nwb_sorting(case["file"], **how)
    window = {"ms_before": BEFORE / case["fsHz"] * 1000, "ms_after": AFTER / case["fsHz"] * 1000}
    # By pynwb the property `electrodes` is rows of the table, which SpikeInterface cannot write to a disk.
    place = {"format": "memory"} if case["usePynwb"] else {"format": "binary_folder", "folder": folder / "analyzer"}
    analyzer = create_sorting_analyzer(sorting, recording, sparse=False, n_jobs=1, **place)
    analyzer.compute("random_spikes", method="all")
    analyzer.compute("templates", **window)
    analyzer.compute("noise_levels")
    analyzer.compute("unit_locations", method="center_of_mass")
    analyzer.compute("spike_amplitudes")
    analyzer.compute("quality_metrics", metric_names=["num_spikes", "firing_rate", "snr"])
    yield from problems(analyzer if case["usePynwb"] else load_sorting_analyzer(folder / "analyzer"), case, truth)


def problems(analyzer, case, truth):
    raw = array(truth["rawData"]).T.astype(float) * case["conversion"] * 1e6
    frames = [np.round(array(train) / 1000 * case["fsHz"]).astype(int) for train in truth["trains"]]
    if list(analyzer.unit_ids) != case["unitIds"]:
        yield f"units {analyzer.unit_ids}"
    if list(analyzer.sorting.get_property("quality")) != [unit["quality"] for unit in truth["neuronAttributes"]]:
        yield f"qualities {analyzer.sorting.get_property('quality')}"
    if sorted(set(analyzer.recording.get_channel_groups())) != ["shank0", "shank1"]:
        yield f"groups {analyzer.recording.get_channel_groups()}"
    templates = analyzer.get_extension("templates").get_templates()
    for unit, spikes in enumerate(frames):
        if not np.array_equal(analyzer.sorting.get_unit_spike_train(unit_id=case["unitIds"][unit]), spikes):
            yield f"spikes of unit {unit}"
        # µV
        mean = np.mean([raw[frame - BEFORE : frame + AFTER] for frame in spikes], axis=0)
        if not np.allclose(templates[unit], mean, rtol=1e-5, atol=1e-3):
            yield f"template of unit {unit}: {templates[unit] - mean}"
    places = analyzer.get_channel_locations()
    found = analyzer.get_extension("unit_locations").get_data()[:, :2]
    if not np.allclose(found, places[case["peaks"]], atol=10):
        yield f"units at {found}, expected {places[case['peaks']]}"
    metrics = analyzer.get_extension("quality_metrics").get_data()
    if metrics["num_spikes"].tolist() != [len(spikes) for spikes in frames]:
        yield f"spikes {metrics['num_spikes']}"
    if not (metrics["snr"] > 5).all():
        yield f"SNR {metrics['snr']}"
    amplitudes = analyzer.get_extension("spike_amplitudes").get_data()
    if not (amplitudes < -60).all():
        yield f"amplitudes {amplitudes}"


if __name__ == "__main__":
    checks.run(check)
