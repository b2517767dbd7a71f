"""What students see by title only."""

from grader.session import (
    assert_close,
    assert_equal,
    assert_true,
    check,
    is_instance,
    layer_shapes,
    load_tensors,
    parameters,
    read_events,
)


@check(
    task="layer",
    points=20,
    visibility="hidden",
    title={"en": "Small convolves with a layer of torch's", "zh": "Small 用 torch 的层做卷积"},
)
def test_small_values(student, reference, images):
    net, ref = student.Small(), reference.Small()
    assert_true(is_instance(net.conv, "torch.nn.Conv2d"), "not a Conv2d", "不是 Conv2d")
    assert_equal(list(parameters(net)), list(parameters(ref)))
    x = images(1, 1, 4, 4)
    assert_equal(layer_shapes(net, x), layer_shapes(ref, x))
    net.load_state_dict(ref.state_dict())
    assert_close(net(x), ref(x))


@check(
    task="pool",
    points=15,
    visibility="hidden",
    title={"en": "pool takes each maximum", "zh": "pool 取每个最大值"},
)
def test_pool_values(student, reference, randn):
    x = randn(8)
    assert_close(student.pool(x), reference.pool(x))


@check(
    task="pool",
    points=15,
    visibility="hidden",
    title={"en": "pooled_size halves", "zh": "pooled_size 减半"},
)
def test_pooled_size_values(student, reference, rng):
    size = 2 * rng.randint(3, 500)
    assert_equal(student.pooled_size(size), reference.pooled_size(size))


@check(
    task="save",
    points=15,
    visibility="hidden",
    title={"en": "save writes what load reads", "zh": "save 写出 load 能读的文件"},
)
def test_save(student, scratch, randn):
    values = {"weight": randn(2, 3)}
    student.save(values, f"{scratch}/values.pt")
    assert_close(load_tensors(student, f"{scratch}/values.pt"), values)


@check(
    task="log",
    points=15,
    visibility="hidden",
    title={"en": "log writes the picture", "zh": "log 写出图片"},
)
def test_log(student, reference, images, scratch, tmp_path):
    picture = images(3, 4, 4)
    student.log(picture, scratch)
    reference.log(picture, str(tmp_path))
    found = read_events(student, scratch)
    expected = read_events(reference, tmp_path)
    assert_equal(found.steps, expected.steps)
    assert_close(found.images, expected.images)
