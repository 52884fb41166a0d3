"""What every checker does: read a manifest, check each of its cases, print what is wrong with each."""

import json
import sys
import tempfile
import traceback
from pathlib import Path


def run(check) -> None:
    """Calls check(case, manifest, folder) for every case: it yields problems, and may use the empty folder.

    Prints a JSON list of [name, problems].
    """
    with open(sys.argv[1]) as file:
        manifest = json.load(file)
    print(
        json.dumps(
            [[c["name"], problems(check, c, manifest)] for c in manifest["cases"]]
        )
    )


def problems(check, case, manifest) -> list:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return list(check(case, manifest, Path(folder)))
        except Exception:
            return [traceback.format_exc()]
