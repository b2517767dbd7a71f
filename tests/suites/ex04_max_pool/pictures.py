"""ex04: what is better seen than read."""

from __future__ import annotations

from grader.session import compare_maps, photo, picture


@picture(
    task="max_pool",
    title={"en": "A picture, pooled by your max_pool", "zh": "用你的 max_pool 池化一张图"},
    note={
        "en": "Windows of 3x3 with ceil_mode: 32 becomes 11, and the last window sticks out.",
        "zh": "3x3 的窗口，ceil_mode 为 True：32 变成 11，最后一个窗口伸出边界。",
    },
)
def pooled(student, reference, photos):
    image = photos(1, first=3)
    return compare_maps(
        student.max_pool(image, 3, ceil_mode=True)[0],
        reference.max_pool(image, 3, ceil_mode=True)[0],
        above=[photo(image[0], {"en": "the picture", "zh": "原图"})],
    )
