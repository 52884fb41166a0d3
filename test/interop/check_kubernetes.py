"""Checks manifests by the schemas of the Kubernetes API: every field must be one of the API, and of its type.

A case that is expected to be wrong must be found so.
"""

import kubernetes_validate
import yaml
from checks import run


def check(case, _manifest, _folder):
    job = yaml.safe_load(case["manifest"])
    # What the server makes of generateName, and the checker needs for its messages.
    job["metadata"]["name"] = job["metadata"]["generateName"] + "0"
    try:
        kubernetes_validate.validate(job, case["version"], strict=True)
    except kubernetes_validate.ValidationError as error:
        if not case["wrong"]:
            yield error.message
    else:
        if case["wrong"]:
            yield "no fault was found"


run(check)
