"""Opens Phy folders with all of their readers.

A case: {name, recording, folder, options, limits, readers}; without readers, all. Limits are the errors of readers that cannot take the recording, by
name: {reader: [type, part of the message]}.
"""

import logging
import warnings
from pathlib import Path

import checks
from phy_readers import READERS
from phy_recording import PhyRecording
from recordings import spike_data


def check(case, manifest, folder):
    expected = expected_of(case, manifest["recordings"])
    for name in case.get("readers", READERS):
        read = READERS[name]
        limit = case["limits"].get(name)
        problems, error = outcome(read, Path(case["folder"]), expected)
        yield from (f"{name}: {problem}" for problem in problems)
        if not matches(error, limit):
            yield f"{name}: expected the error {limit}, found {error!r}"


def expected_of(case, recordings):
    options = case["options"]
    return PhyRecording(
        spike_data(recordings[case["recording"]]),
        options["fsHz"],
        options.get("clusterIds"),
    )


def outcome(read, folder, expected):
    """What is wrong, and the error that kept the reader from reading."""
    try:
        return list(read(folder, expected)), None
    except Exception as error:
        return [], error


def matches(error, limit):
    if error is None or limit is None:
        return error is limit
    kind, excerpt = limit
    return type(error).__name__ == kind and excerpt in str(error)


if __name__ == "__main__":
    # phylib warns of missing waveforms, SpikeInterface of guesses and of clusters that are not numbered through.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    checks.run(check)
