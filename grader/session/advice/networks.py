"""What is said about layers, and what flows through them."""

from __future__ import annotations

from typing import Final

from grader.session.advice.saying import Saying, lesson, mistake

SAYINGS: Final[dict[str, Saying]] = {
    "does-another-thing": lesson(
        "`{name}` takes each image by itself, so that 64 images give 64 answers: that is what one "
        "wants. The exercise follows the video and takes a whole batch as one vector, so "
        "`{name}` is not judged by it.",
        "`{name}` 逐张处理图像，64 张图得到 64 个结果，这正是通常想要的做法。"
        "练习按视频的做法把整个批次当作一个向量，所以这里不用它来评判 `{name}`。",
    ),
    "layers-in-a-list": mistake(
        "`self.{name}` is a plain list: `nn.Module` does not see the layers in it, so they have no "
        "parameters for the optimizer and do not move with `.to(device)`. Use `nn.ModuleList([…])` "
        "or `nn.Sequential(…)`.",
        "`self.{name}` 是普通列表：`nn.Module` 看不到里面的层，优化器拿不到它们的参数，"
        "`.to(device)` 也不会移动它们。请使用 `nn.ModuleList([…])` 或 `nn.Sequential(…)`。",
    ),
    "layer-in-a-variable": mistake(
        "`{name}` is a variable of `__init__` and gone when it ends. Keep the layer in the object: "
        "`self.{name} = …`.",
        "`{name}` 只是 `__init__` 里的局部变量，函数结束就没有了。"
        "应保存在对象上：`self.{name} = …`。",
    ),
    "result-thrown-away": mistake(
        "The result of `{call}` is thrown away: it returns a new tensor and leaves the old one as "
        "it was. Assign it: `x = …`.",
        "`{call}` 的结果被丢掉了：它返回新的张量，原来的不变。请把结果赋值：`x = …`。",
    ),
    "move-thrown-away": mistake(
        "`{name}.to(…)` returns a copy on the device, and here it is thrown away: write "
        "`{name} = {name}.to(device)`. Only modules move in place.",
        "`{name}.to(…)` 返回一个在该设备上的副本，这里被丢掉了：应写 `{name} = {name}.to(device)`。"
        "只有模块（module）才会就地移动。",
    ),
    "layer-made-not-applied": mistake(
        "`{name}(x)` makes a layer with x as its setting; it applies nothing. Make it once in "
        "`__init__`, or write `{name}()(x)`.",
        "`{name}(x)` 是以 x 为参数创建一个层，并没有把它用在 x 上。"
        "请在 `__init__` 里创建一次，或者写 `{name}()(x)`。",
    ),
    "loss-made-not-applied": mistake(
        "`{name}(a, b)` makes a loss object, and computes nothing. First `loss = {name}()`, then "
        "`loss(a, b)`.",
        "`{name}(a, b)` 只是创建了损失对象，并没有计算。先 `loss = {name}()`，再 `loss(a, b)`。",
    ),
    "layers-kept-twice": mistake(
        "{names} are still made, beside the Sequential that is used: with the network of section 7 "
        "that is 291,156 parameters instead of 145,578, and half of them never get a gradient. The "
        "shape of the output does not show it. Delete them.",
        "{names} 仍然被创建，而实际使用的是 Sequential：对第 7 节的网络来说就是 291,156 个参数，"
        "而不是 145,578 个，其中一半永远得不到梯度。输出的形状看不出来。请删掉它们。",
    ),
    "network-run-twice": mistake(
        "`forward` runs the layers and then `{name}`, which holds the same layers again: after the "
        "last Linear there are [64, 10], and Conv2d cannot take that. Keep one of the two.",
        "`forward` 先逐层运行，又运行包含同样各层的 `{name}`：最后一个 Linear 之后是 [64, 10]，"
        "Conv2d 无法处理。两者保留一个。",
    ),
    "global-in-method": mistake(
        "`{method}` reads `{name}`, a variable of the script outside of the class, not what the "
        "layers give. In the script nobody notices; anywhere else it fails. Use the parameters and "
        "`self`.",
        "`{method}` 读取的 `{name}` 是类外面的脚本变量，而不是各层的结果。"
        "在脚本里看不出来，换个地方就会出错。请只用参数和 `self`。",
    ),
    "softmax-before-loss": mistake(
        "`{name}` is part of the network: `nn.CrossEntropyLoss` does this itself, and would do it "
        "twice. Return the plain numbers of the last Linear (logits).",
        "网络里包含了 `{name}`：`nn.CrossEntropyLoss` 自己会做这一步，这样就做了两次。"
        "请直接返回最后一个 Linear 的数值（logits）。",
    ),
    "flat-size-wrong": mistake(
        "Linear({given}, …), but {channels} * {side} * {side} = {expected} numbers of a 32x32 "
        "image arrive there: the side goes {path}. {given} belongs to images of another size.",
        "Linear({given}, …)，而 32x32 的图像到这里有 "
        "{channels} * {side} * {side} = {expected} 个数：边长依次是 {path}。"
        "{given} 对应的是别的图像大小。",
    ),
    "flat-size-explained": lesson(
        "Where {expected} comes from: the side goes {path}, and {channels} channels of "
        "{side}x{side} are {channels} * {side} * {side} numbers. Written as a product it explains "
        "itself.",
        "{expected} 从哪里来：边长依次是 {path}，{channels} 个通道、每个 {side}x{side}，"
        "就是 {channels} * {side} * {side} 个数。写成乘积就一目了然。",
    ),
    "flatten-missing": mistake(
        "Between the last pooling and this Linear nothing flattens the images: Linear looks at the "
        "last dimension only, and that is {side}. Add `nn.Flatten()`.",
        "最后一次池化和这个 Linear 之间没有展平：Linear 只看最后一维，而它是 {side}。"
        "请加上 `nn.Flatten()`。",
    ),
    "side-runs-out": mistake(
        "The side of the image goes {path}: nothing is left here. With `padding=2` a kernel of 5 "
        "keeps the side.",
        "图像的边长依次是 {path}：到这里什么也不剩了。卷积核为 5 时，`padding=2` 可以保持边长。",
    ),
    "digits-mixed-up": mistake(
        "{given}? 64 * 3 * 32 * 32 is 196608. Let Python multiply: write the product.",
        "{given}？64 * 3 * 32 * 32 等于 196608。让 Python 来算：直接写乘积。",
    ),
    "point-for-comma": mistake(
        "`{given}` has one argument with a decimal point; two were meant: `{meant}`.",
        "`{given}` 里只有一个带小数点的参数；应为两个参数：`{meant}`。",
    ),
    "keyword-misspelt": mistake(
        "There is no argument `{given}`: `{meant}` is meant.",
        "没有名为 `{given}` 的参数：应为 `{meant}`。",
    ),
    "dropout-in-percent": mistake(
        "Dropout's argument is the share that is dropped, from 0 to 1; {given} is more than all.",
        "Dropout 的参数是被丢弃的比例，从 0 到 1；{given} 超过了全部。",
    ),
    "dilation-for-stride": mistake(
        "`dilation={given}` spreads the window out; what moves it is `stride`, and that is the "
        "kernel's size already.",
        "`dilation={given}` 会把窗口撑开；控制移动的是 `stride`，它默认就等于核的大小。",
    ),
    "three-kernels": mistake(
        "The task is about 6 kernels; 3 output channels only dodge the question how to show 6. "
        "Keep `out_channels=6`, and reshape for the display alone.",
        "题目要求 6 个卷积核；改成 3 个输出通道只是绕开了“6 个通道如何显示”的问题。"
        "请保持 `out_channels=6`，只在显示时改变形状。",
    ),
    "input-overwritten": mistake(
        "With `inplace=True` the result is written over `{name}`, the caller's own tensor, which "
        "is no longer what it was after the call. Leave `inplace` out.",
        "`inplace=True` 会把结果写回 `{name}`，而它是调用者自己的张量：调用之后就不是原来的值了。"
        "请去掉 `inplace`。",
    ),
    "layer-made-otherwise": mistake(
        "`{layer}`: `{name}` is {given} here, and {wanted} in the network of this exercise.",
        "`{layer}`：这里的 `{name}` 是 {given}，本练习的网络里是 {wanted}。",
    ),
    "layer-never-called": lesson(
        "`self.{name}` ({kind}) is created and never called in `forward`: creating a layer applies "
        "nothing. Call it, and compare what comes out.",
        "`self.{name}`（{kind}）创建了，但 `forward` 里没有调用：创建层并不会使用它。"
        "试着调用它，比较一下结果。",
    ),
    "layer-made-in-forward": mistake(
        "`forward` makes this {name} anew at each call, with new random weights: it is no part of "
        "the network and never learns. Make it in `__init__`, as `self.… = {name}(…)`, and call it "
        "here.",
        "`forward` 每次调用都会新建这个 {name}，权重每次都是随机的：它不属于网络，永远学不到东西。"
        "请在 `__init__` 里用 `self.… = {name}(…)` 创建，在这里只调用它。",
    ),
    "channels-do-not-fit": mistake(
        "This Conv2d takes {given} channels, and the layer before it gives {expected}: write "
        "`in_channels` {expected}.",
        "这个 Conv2d 要 {given} 个通道，而前一层输出 {expected} 个：`in_channels` 应为 "
        "{expected}。",
    ),
    "channels-swapped": mistake(
        "`Conv2d({given}, 3, …)` takes {given} channels, and images have 3: the first number is "
        "what comes in, the second what goes out. Swap them.",
        "`Conv2d({given}, 3, …)` 要 {given} 个输入通道，而图像有 3 个：第一个数是输入通道，"
        "第二个数是输出通道。请对调。",
    ),
    "batchnorm-of-another-width": mistake(
        "This BatchNorm2d is made for {given} channels, and the layer before it gives {expected}.",
        "这个 BatchNorm2d 按 {given} 个通道创建，而前一层输出 {expected} 个通道。",
    ),
    "batchnorm-after-flatten": mistake(
        "After Flatten there are rows of numbers, no images: `BatchNorm2d` belongs before it; "
        "behind it `BatchNorm1d` fits.",
        "Flatten 之后是一行行的数，不再是图像：`BatchNorm2d` 应放在它之前；之后要用 "
        "`BatchNorm1d`。",
    ),
    "layer-without-brackets": mistake(
        "`self.{name}` is the class `{kind}` itself, not a layer: write `self.{name} = "
        "nn.{kind}(…)`, with its brackets.",
        "`self.{name}` 是类 `{kind}` 本身，不是一个层：应写成带括号的 "
        "`self.{name} = nn.{kind}(…)`。",
    ),
    "features-swapped": mistake(
        "`Linear({given}, {made})` takes {given} numbers and gives {made}: the first is what comes "
        "in, the second what goes out. Swap them.",
        "`Linear({given}, {made})` 输入 {given} 个数、输出 {made} 个：第一个是输入，第二个是输出。"
        "请对调。",
    ),
    "padding-too-small": mistake(
        "With padding {given} a kernel of {kernel} changes the side: {path}. Your Linear counts on "
        "sides that the convolutions keep, with `padding={wanted}`, since 2 * {wanted} = "
        "{kernel} - 1.",
        "padding 为 {given} 时，大小为 {kernel} 的卷积核会改变边长：{path}。"
        "你的 Linear 是按卷积不改变边长来算的，那需要 `padding={wanted}`（2 * {wanted} = "
        "{kernel} - 1）。",
    ),
}
