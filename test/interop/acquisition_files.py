"""Files that describe recordings of SpikeGLX and Open Ephys, which probeinterface ships in its source distribution.

They are fetched once, into the environment that this runs in. Prints their paths, as JSON: {spikeGlx: [file], openEphys: [file]}.
"""

import json
import sys
from pathlib import Path

from environment import once
from source_distributions import fetch

#: The source distribution with its hash.
SOURCES = {"probeinterface==0.4.2": "d859f2f7298cc255c8a94370d06b1b7f1328f883d37d7032f8b3eb05705a34bc"}
SPIKE_GLX = "tests/data/spikeglx/*.meta"
OPEN_EPHYS = "tests/data/openephys/*/*/*/*/structure.oebin"

folder = Path(sys.prefix) / "acquisition"

if __name__ == "__main__":
    stamp = json.dumps([SOURCES, SPIKE_GLX, OPEN_EPHYS])
    if not once(folder, stamp, lambda: fetch(SOURCES, lambda path: path.match(SPIKE_GLX) or path.match(OPEN_EPHYS), folder)):
        sys.exit(1)
    files = {"spikeGlx": folder.glob(SPIKE_GLX), "openEphys": folder.glob(OPEN_EPHYS)}
    json.dump({kind: sorted(map(str, found)) for kind, found in files.items()}, sys.stdout)
