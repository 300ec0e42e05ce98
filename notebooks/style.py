"""How the figures of these notebooks look: quiet, readable without colour, one accent."""

import matplotlib.pyplot as plt

BLAUW, ORANJE, GROEN, GRIJS, LICHT = "#1f5a8a", "#c8580c", "#2f7d4f", "#6b7280", "#c9ced6"
"""Blue carries the story, orange what is held against it; grey is background."""


def use() -> None:
    """Set the style of all figures that follow."""
    plt.rcParams.update(
        {
            "figure.figsize": (8.0, 4.2),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            "font.size": 10.5,
            "axes.titlesize": 12.5,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titlepad": 12.0,
            "axes.edgecolor": GRIJS,
            "axes.labelcolor": "#374151",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": plt.cycler(
                color=[BLAUW, ORANJE, GROEN, GRIJS, "#7c3aed", "#0891b2"]
            ),
            "grid.color": "#e5e7eb",
            "grid.linewidth": 0.8,
            "xtick.color": GRIJS,
            "ytick.color": GRIJS,
            "legend.frameon": False,
            "lines.linewidth": 2.0,
        }
    )
