"""What is said about images, their batches and their shapes."""

from __future__ import annotations

from typing import Final

from grader.session.advice.saying import Saying, lesson, mistake

SAYINGS: Final[dict[str, Saying]] = {
    "last-batch-short": mistake(
        "{count} images in batches of {batch} leave {rest} for the last one, number {number}: "
        "{rest}*3*32*32 = {values} values where the Linear layer wants {expected}, and it fails "
        "there (*1x{values} and {expected}x10*). Use `drop_last=True`; better, "
        "`torch.flatten(imgs, 1)` with `Linear(3072, 10)`.",
        "{count} 张图按每批 {batch} 张分，最后一批（第 {number} 批）只剩 {rest} 张："
        "{rest}*3*32*32 = {values} 个数，而 Linear 层需要 {expected} 个，于是在那里出错"
        "（*1x{values} and {expected}x10*）。请加上 `drop_last=True`；更好的做法是 "
        "`torch.flatten(imgs, 1)` 配合 `Linear(3072, 10)`。",
    ),
    "whole-batch-flattened": lesson(
        "This is what the video shows. Notice that {batch} images gave one answer of 10 numbers: "
        "the batch was flattened too. With `start_dim=1`, each image gets an answer of its own.",
        "这正是视频里的做法。注意：{batch} 张图只得到一个由 10 个数组成的结果，"
        "因为批次那一维也被展平了。用 `start_dim=1`，每张图就有各自的结果。",
    ),
    "other-tensor-used": mistake(
        "You made `{made}` of `{given}`, and then gave the network `{given}`. Is `{made}` meant?",
        "你由 `{given}` 得到了 `{made}`，却把 `{given}` 传给了网络。是不是应该传 `{made}`？",
    ),
    "six-channels-shown": mistake(
        "`{name}` has {channels} channels, and `add_images` shows 1 or 3 (*Input should be a 4D "
        "numpy array with 3 channels*). Reshape a copy for the display: "
        "`torch.reshape({name}, (-1, 3, 30, 30))`.",
        "`{name}` 有 {channels} 个通道，而 `add_images` 只能显示 1 个或 3 个"
        "（*Input should be a 4D numpy array with 3 channels*）。"
        "请只为显示改变形状：`torch.reshape({name}, (-1, 3, 30, 30))`。",
    ),
    "channels-mixed-for-display": lesson(
        "This reshape is a trick for looking, no part of the network: 64 images of 6 channels "
        "become 128 of 3. `output[:, :3]` shows the first three maps of each image.",
        "这个 reshape 只是为了能看到图，不是网络的一部分：64 张 6 通道的图变成 128 张 3 通道的图。"
        "`output[:, :3]` 显示每张图的前三个特征图。",
    ),
    "reshaped-into-noise": mistake(
        "The feature maps are smaller than 32x32. That the reshape to 3x32x32 works is chance: "
        "the number of values happens to divide by 3072, and the pictures are noise.",
        "特征图比 32x32 小。能 reshape 成 3x32x32 只是巧合：数值的个数恰好能被 3072 整除，"
        "得到的图片只是噪声。",
    ),
    "writer-left-open": lesson(
        "`{name}` is never closed: what is still in its memory may not reach the file. End with "
        "`{name}.close()`.",
        "`{name}` 没有关闭：还在内存里的内容可能没有写进文件。结尾请加 `{name}.close()`。",
    ),
    "logged-after-the-loop": mistake(
        "This stands after the loop, so only the last batch is written, once. Indent it.",
        "这一行在循环之外，所以只写了最后一个批次、只写一次。请缩进它。",
    ),
    "scalar-without-step": mistake(
        "`add_scalar` without a step: all values land on step 0. Pass the step as third argument.",
        "`add_scalar` 没有传步数：所有的值都会落在第 0 步。请把步数作为第三个参数传入。",
    ),
    "input-is-python's": mistake(
        "`input` here is Python's own function: no line gives a tensor this name (*'builtin_"
        "function_or_method' object is not iterable*).",
        "这里的 `input` 是 Python 自带的函数：没有任何一行把张量赋给这个名字"
        "（*'builtin_function_or_method' object is not iterable*）。",
    ),
    "cell-mistyped": mistake(
        "Cell [{row}][{column}] is {given}, the notes say {wanted}: that alone changes the result.",
        "第 [{row}][{column}] 个数是 {given}，笔记里是 {wanted}：仅此一处就会改变结果。",
    ),
    "whole-numbers-pooled": lesson(
        "The matrix holds whole numbers (int64). This version of torch pools them; older ones said "
        "*not implemented for 'Long'*. With `dtype=torch.float32` it works everywhere.",
        "这个矩阵是整数（int64）。当前版本的 torch 可以池化，旧版本会报 "
        "*not implemented for 'Long'*。加上 `dtype=torch.float32` 就处处可用。",
    ),
    "padding-is-a-size": mistake(
        "Padding counts rings of zeros on each side, not the size of the image: "
        "5 + 2*{padding} - 3 + 1 = {side}, so you get {side}x{side}. `padding=1` gives 5x5.",
        "padding 是每一侧补零的圈数，不是图像的大小：5 + 2*{padding} - 3 + 1 = {side}，"
        "所以得到 {side}x{side}。`padding=1` 得到 5x5。",
    ),
    "two-things-changed": mistake(
        "Here padding ({padding}) and stride ({stride}) changed together, and 3x3 comes out. "
        "Change one thing at a time: with `stride=1` padding 1 gives 5x5.",
        "这里同时改了 padding（{padding}）和 stride（{stride}），得到 3x3。"
        "一次只改一个：`stride=1` 时，padding 为 1 得到 5x5。",
    ),
    "stride-to-do": lesson(
        "Still to do: `stride=2`. Predict its size first: floor((5 - 3) / 2) + 1.",
        "还没有做：`stride=2`。先预测它的大小：floor((5 - 3) / 2) + 1。",
    ),
    "padding-to-do": lesson(
        "Still to do: `padding=1`. Predict its size first: 5 + 2*1 - 3 + 1.",
        "还没有做：`padding=1`。先预测它的大小：5 + 2*1 - 3 + 1。",
    ),
    "floor-mode-to-do": lesson(
        "You have the case `ceil_mode=True`: [[2, 3], [5, 1]]. What does False give?",
        "你做了 `ceil_mode=True` 的情形：[[2, 3], [5, 1]]。换成 False 会得到什么？",
    ),
    "ceil-mode-to-do": lesson(
        "You have the case `ceil_mode=False`: [[2]]. What does True give?",
        "你做了 `ceil_mode=False` 的情形：[[2]]。换成 True 会得到什么？",
    ),
    "to-tensor-not-called": mistake(
        "`ToTensor` is a class: make an object of it, `transform=ToTensor()`.",
        "`ToTensor` 是一个类：应创建它的对象，`transform=ToTensor()`。",
    ),
    "resized-oblong": mistake(
        "`Resize({given})` is not 32x32, and what is reshaped to 32x32 later is another picture.",
        "`Resize({given})` 不是 32x32，之后 reshape 成 32x32 的就不再是原来的图了。",
    ),
    "download-missing": lesson(
        "`{name}` without `download=True` works only where the data lies already.",
        "`{name}` 没有 `download=True`，只有在数据已经存在的电脑上才能运行。",
    ),
    "convert-missing": lesson(
        "A PNG may have 4 channels: `image = image.convert('RGB')` makes it 3.",
        "PNG 图片可能有 4 个通道：`image = image.convert('RGB')` 会变成 3 个。",
    ),
    "images-not-flattened": mistake(
        "`{name}` is a batch of images, 64x3x32x32, and nothing flattens it: Linear looks at the "
        "last dimension only, 32 numbers (*6144x32 and {width}x10*). Use `torch.flatten({name})` "
        "as the video does; better, `torch.flatten({name}, 1)` with `Linear(3072, 10)`.",
        "`{name}` 是一批 64x3x32x32 的图像，没有任何地方把它展平：Linear 只看最后一维，即 32 个数"
        "（*6144x32 and {width}x10*）。像视频那样用 `torch.flatten({name})`；更好的做法是 "
        "`torch.flatten({name}, 1)` 配合 `Linear(3072, 10)`。",
    ),
    "last-dimension-only": mistake(
        "No error, but not what is meant: `Linear({width}, …)` works on the last dimension of "
        "`{name}` alone, on each row of a picture by itself, and gives 64x3x32x10. Flatten the "
        "images first: `torch.flatten({name}, 1)` with `Linear(3072, 10)`.",
        "没有报错，但不是想要的：`Linear({width}, …)` 只作用在 `{name}` 的最后一维上，"
        "即图像的每一行各算各的，结果是 64x3x32x10。请先展平：`torch.flatten({name}, 1)` 配合 "
        "`Linear(3072, 10)`。",
    ),
    "add-image-of-a-batch": mistake(
        "`add_image` takes one image, C×H×W, and `{name}` is a batch of them: `add_images`, with "
        "an s.",
        "`add_image` 只接收一张 C×H×W 的图像，而 `{name}` 是一批图像：应使用 `add_images`"
        "（多一个 s）。",
    ),
    "image-is-a-matrix": mistake(
        "`{name}` is still a matrix, and `F.conv2d` wants four dimensions: batch, channels, height "
        "and width. `{name} = torch.reshape({name}, ({shape}))`.",
        "`{name}` 还是二维矩阵，而 `F.conv2d` 需要四维：批次、通道、高、宽。"
        "`{name} = torch.reshape({name}, ({shape}))`。",
    ),
    "kernel-is-a-matrix": mistake(
        "The kernel `{name}` is still a matrix, and `F.conv2d` wants four dimensions: output "
        "channels, input channels, height and width. "
        "`{name} = torch.reshape({name}, ({shape}))`.",
        "卷积核 `{name}` 还是二维矩阵，而 `F.conv2d` 需要四维：输出通道、输入通道、高、宽。"
        "`{name} = torch.reshape({name}, ({shape}))`。",
    ),
    "dtypes-mixed": mistake(
        "`{floats}` holds decimal numbers and `{whole}` whole ones, and a convolution does not mix "
        "them: `{whole} = {whole}.float()`.",
        "`{floats}` 是小数（float），`{whole}` 是整数（int64），卷积不能混用："
        "`{whole} = {whole}.float()`。",
    ),
    "bias-is-no-switch": mistake(
        "`F.conv2d` wants a tensor as its bias, one number for each output channel; `bias={given}` "
        "is for the layer `nn.Conv2d`. Leave it out.",
        "`F.conv2d` 的 bias 应是张量（每个输出通道一个数）；`bias={given}` 是 `nn.Conv2d` 的写法。"
        "这里去掉即可。",
    ),
    "channels-last": mistake(
        "This tensor has the shape ({given}): height and width, then channels. torch wants the "
        "channels first: ({wanted}). Only the test input is wrong, not your class.",
        "这个张量的形状是 ({given})：先高宽、后通道。torch 要求通道在前：({wanted})。"
        "错的只是测试输入，不是你的类。",
    ),
    "batch-of-one": mistake(
        "BatchNorm learns from how the samples of a batch differ, and this batch has one "
        "(*Expected more than 1 value per channel when training*). Give it two or more, or call "
        "`eval()` first.",
        "BatchNorm 依靠一批样本之间的差别，而这一批只有一个样本（*Expected more than 1 value per "
        "channel when training*）。请给两个以上的样本，或先调用 `eval()`。",
    ),
    "no-batch-dimension": mistake(
        "`{name}` is one image, of three dimensions, and the network wants a batch: "
        "`torch.reshape({name}, (1, 3, 32, 32))` or `{name}.unsqueeze(0)`.",
        "`{name}` 是一张三维的图像，而网络需要一批图像：`torch.reshape({name}, (1, 3, 32, 32))` 或 "
        "`{name}.unsqueeze(0)`。",
    ),
}
