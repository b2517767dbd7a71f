"""ex05: what is better seen than read."""

from __future__ import annotations

import torch

from grader.session import chart, curve, picture

PLACES = torch.linspace(-6.0, 6.0, 121)


def _curve_of(name):
    """Draw one function, by the student and by the reference."""

    @picture(
        task="by_hand",
        title={"en": f"The curve of your {name}", "zh": f"你的 {name} 的曲线"},
    )
    def take(student, reference, device):
        x = PLACES.to(device)
        return chart(
            "x",
            f"{name}(x)",
            curve(
                {"en": "expected", "zh": "应为"},
                "expected",
                PLACES.tolist(),
                getattr(reference, name)(x),
            ),
            curve(
                {"en": "yours", "zh": "你的"}, "yours", PLACES.tolist(), getattr(student, name)(x)
            ),
        )

    return take


relu_curve, leaky_relu_curve, sigmoid_curve, tanh_curve = map(
    _curve_of, ("relu", "leaky_relu", "sigmoid", "tanh")
)
