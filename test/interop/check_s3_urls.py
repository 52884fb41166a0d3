"""Compares what is taken for an S3 URL, and for its bucket and key, with SpikeLab's own functions.

A case: {name: the URL, isS3, location: [bucket, key] or null}.
"""

import checks
from spikelab.data_loaders.s3_utils import is_s3_url, parse_s3_url


def check(case, manifest, folder):
    if is_s3_url(case["name"]) != case["isS3"]:
        yield f"is_s3_url returns {is_s3_url(case['name'])}"
    location = parsed(case["name"])
    if location != case["location"]:
        yield f"parse_s3_url returns {location}, not {case['location']}"


def parsed(url):
    try:
        return list(parse_s3_url(url)) if is_s3_url(url) else None
    except ValueError:
        return None


if __name__ == "__main__":
    checks.run(check)
