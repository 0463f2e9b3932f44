"""Writes test/fixtures/sweep-statistics.json: made-up runs of a sweep, and SciPy's statistics of them.

python scripts/reference/sweep-statistics.py > test/fixtures/sweep-statistics.json   (needs numpy and scipy)
"""

import json

import numpy as np
from scipy import stats

random = np.random.default_rng(7)
runs = 40
rate = np.round(10 ** random.uniform(-4, -1.5, runs), 6)
size = random.choice([32, 64, 128], runs)
model = random.choice(["lstm", "gru", "rnn"], runs)
dropout = random.choice([0, 0.2, 0.4], runs)
# The best rate is in the middle: no rank correlation tells that. Rounded, so that some losses are equal.
curve = (np.log10(rate) + 2.7) ** 2 * 0.5
noise = random.normal(0, 0.03, runs)
loss = np.round(1.5 + curve + 0.2 * (size == 32) + 0.1 * (model == "rnn") + noise, 2)


def share(groups):
    """Eta squared from H, less what so many groups take by chance."""
    h = stats.kruskal(*groups).statistic
    return max(0, float((h - len(groups) + 1) / (sum(map(len, groups)) - len(groups))))


def by(column):
    return share([loss[column == value] for value in np.unique(column)])


fifths = np.minimum(4, np.floor((stats.rankdata(rate) - 0.5) / runs * 5)).astype(int)
numbers = {"learningRate": rate, "rnnSize": size, "dropout": dropout}
print(
    json.dumps(
        {
            "runs": [
                {
                    "learningRate": float(rate[i]),
                    "rnnSize": int(size[i]),
                    "model": str(model[i]),
                    "dropout": float(dropout[i]),
                    "loss": float(loss[i]),
                }
                for i in range(runs)
            ],
            "correlation": {key: float(stats.spearmanr(column, loss).statistic) for key, column in numbers.items()},
            "share": {"learningRate": by(fifths), "rnnSize": by(size), "model": by(model), "dropout": by(dropout)},
        },
        indent=1,
    )
)
