#!/bin/bash
# Converts the recordings of spec.yml on a cluster: plans them in shards, and submits an array job with a task for each.
#
#   bash submit.sh SHARDS [OPTION…]     options of 'spikeport slurm', such as --time 2:00:00 --partition short --limit 50
set -euo pipefail
cd "$(dirname "$0")"

spikeport plan spec.yml --shards "$1" > plan.jsonl
spikeport slurm plan.jsonl "${@:2}" > convert.sh
# Prints the number of the job. The same again goes on with what is left.
bash convert.sh
