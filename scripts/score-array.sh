#!/bin/bash
#SBATCH --job-name=mkdseg
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
# Scores part SLURM_ARRAY_TASK_ID of a folder; see docs/cluster.md.
# usage: sbatch --array=1-N scripts/score-array.sh FOLDER MODEL OUT [OPTIONS OF mkdseg score]
#        sbatch scripts/score-array.sh --merge OUT
set -euo pipefail
# Slurm runs a copy of this file, so the repository is the folder where sbatch was called; MKDSEG names another program.
mkdseg=${MKDSEG:-${SLURM_SUBMIT_DIR:-.}/mkdseg}
if [ "${1:-}" = --merge ]; then
    exec "$mkdseg" merge-results "$2"
fi
folder=$1 model=$2 out=$3
shift 3
parts=${PARTS:-$SLURM_ARRAY_TASK_COUNT}
exec "$mkdseg" score "$folder" --model "$model" --out "$out" --shard "$SLURM_ARRAY_TASK_ID/$parts" \
    --threads "${SLURM_CPUS_PER_TASK:-0}" "$@"
