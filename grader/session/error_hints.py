r"""What a beginner most likely did, told from the text of Python's or torch's error.

The texts are torch 2.14's; they change between versions, so the patterns are loose, and an error
that none fits is shown as it is. Entries are tried in order.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from grader.language import Text


class ErrorHint(NamedTuple):
    """A known cause of an error."""

    id: str
    pattern: re.Pattern[str]
    text: Text


def _hint(identifier: str, pattern: str, en: str, zh: str) -> ErrorHint:
    return ErrorHint(identifier, re.compile(pattern, re.IGNORECASE), Text(en=en, zh=zh))


HINTS: Final = (
    _hint(
        "super-init-missing",
        r"before Module\.__init__\(\) call|has no attribute '_(backward_hooks|parameters|modules|"
        r"forward_hooks|forward_pre_hooks)'",
        "The first line of `__init__` must be `super().__init__()`, with both pairs of brackets: "
        "without it `nn.Module` cannot register anything.",
        "`__init__` 的第一行必须是 `super().__init__()`，两对括号都不能少："
        "否则 `nn.Module` 无法登记任何层。",
    ),
    _hint(
        "super-without-brackets",
        r"descriptor '__init__' of 'super' object needs an argument",
        "`super` is a function: write `super().__init__()`, not `super.__init__()`.",
        "`super` 是一个函数：应写 `super().__init__()`，而不是 `super.__init__()`。",
    ),
    _hint(
        "forward-misspelt",
        r"is missing the required .?forward",
        "`nn.Module` calls a method named exactly `forward`: check the spelling and the "
        "indentation.",
        "`nn.Module` 只会调用名为 `forward` 的方法：请检查拼写和缩进。",
    ),
    _hint(
        "self-missing",
        r"takes \d+ positional arguments? but \d+ (was|were) given",
        "Count the parameters: a method's first parameter is `self`, and a class is called as "
        "`Net()` first, then the object as `net(x)`.",
        "数一数参数：方法的第一个参数是 `self`；先用 `Net()` 创建对象，再用 `net(x)` 调用。",
    ),
    _hint(
        "batch-flattened",
        r"mat1 and mat2 shapes cannot be multiplied \(1x\d+ and",
        "The input of the `Linear` layer has one row. If the batch holds more than one image, it "
        "was flattened into one: begin at dimension 1, as `nn.Flatten()` and "
        "`torch.flatten(x, 1)` do.",
        "`Linear` 层的输入只有一行。如果这一批不止一张图像，就说明整批被展平成了一个样本："
        "应从第 1 维开始展平，如 `nn.Flatten()` 或 `torch.flatten(x, 1)`。",
    ),
    _hint(
        "wrong-flat-size",
        r"mat1 and mat2 shapes cannot be multiplied",
        "The `Linear` layer expects another number of features than it gets: print `x.shape` just "
        "before it, and compute channels · height · width after the last layer.",
        "`Linear` 层期望的特征数与实际不符：在它之前打印 `x.shape`，"
        "并计算最后一层之后的 通道 · 高 · 宽。",
    ),
    _hint(
        "wrong-channels",
        r"expected input\[.*\] to have \d+ channels, but got \d+ channels",
        "The input's channels and the layer's `in_channels` differ: images are N×C×H×W.",
        "输入的通道数与该层的 `in_channels` 不一致：图像的形状是 N×C×H×W。",
    ),
    _hint(
        "wrong-dimensions",
        r"Expected 3D \(unbatched\) or 4D \(batched\) input|weight should have at least",
        "A convolution needs 4-D tensors: (N, C, H, W) for images, (out, in, kH, kW) for kernels.",
        "卷积需要四维张量：图像为 (N, C, H, W)，卷积核为 (out, in, kH, kW)。",
    ),
    _hint(
        "mixed-dtypes",
        r"expected scalar type \w+ but found \w+|Input type .* and (bias|weight) type .* should be"
        r"|must have the same dtype",
        "The two tensors have different dtypes: convert one, for example with `.float()`.",
        "两个张量的 dtype 不同：请转换其中一个，例如使用 `.float()`。",
    ),
    _hint(
        "image-channels",
        r"Input should be a 4D numpy array with 3 channels|size of input tensor and input format",
        "`add_images` shows pictures with 1 or 3 channels, not 6: reshape for display first.",
        "`add_images` 只能显示 1 或 3 个通道的图片，不能是 6 个：请先为显示改变形状。",
    ),
    _hint(
        "output-too-small",
        r"Output size is too small|Kernel size can't be greater than actual input size",
        "The input is smaller than the kernel by then: is a padding missing, or a stride too big?",
        "此时输入已经比卷积核小：是不是忘了 padding，或者 stride 太大？",
    ),
    _hint(
        "batchnorm-width",
        r"running_mean should contain \d+ elements",
        "`BatchNorm2d` gets as many channels as the layer before it gives: the two numbers differ.",
        "`BatchNorm2d` 的通道数应等于前一层输出的通道数：现在两者不同。",
    ),
    _hint(
        "batchnorm-input",
        r"expected [234]D(?: or [234]D)? input \(got \dD input\)",
        "`BatchNorm2d` takes images, N×C×H×W, and stands before Flatten; after it, `BatchNorm1d`.",
        "`BatchNorm2d` 处理的是 N×C×H×W 的图像，应放在 Flatten 之前；之后要用 `BatchNorm1d`。",
    ),
    _hint(
        "batch-of-one",
        r"Expected more than 1 value per channel when training",
        "One image has no spread to normalise by: call `model.eval()` first, or train on more.",
        "只有一张图无法做批归一化：先调用 `model.eval()`，或使用更大的批次训练。",
    ),
    _hint(
        "target-shape",
        r"Expected input batch_size \(\d+\) to match target batch_size|0D or 1D target tensor",
        "The target of CrossEntropyLoss is one class number for each sample, shape (N,): is it a "
        "single number, or are the labels the images?",
        "CrossEntropyLoss 的目标是每个样本一个类别编号，形状为 (N,)："
        "是不是只传了一个数，或者把图像当成了标签？",
    ),
    _hint(
        "target-dtype",
        r"expected target dtype to be|expected scalar type (Long|Byte) but found|target.*\bLong\b",
        "Class numbers are of dtype long: `torch.tensor([1])`, with no decimal point.",
        "类别编号的 dtype 应为 long：`torch.tensor([1])`，不带小数点。",
    ),
    _hint(
        "target-out-of-range",
        r"Target -?\d+ is out of bounds|cur_target >= 0 && cur_target < n_classes",
        "A class number is as large as the number of outputs, or larger: they count from 0.",
        "类别编号大于或等于输出的个数：编号从 0 开始。",
    ),
    _hint(
        "loss-of-integers",
        r"mean\(\): could not infer output dtype|mse_\w+\W+ not implemented for|can only calculate "
        r"the mean of floating",
        "This loss needs decimal numbers: `torch.tensor([1, 2, 3], dtype=torch.float32)`.",
        "这个损失需要小数：`torch.tensor([1, 2, 3], dtype=torch.float32)`。",
    ),
    _hint(
        "parameters-not-called",
        r"'method' object is not iterable",
        "A method was handed over in place of what it gives: `model.parameters()`, with brackets.",
        "传入的是方法本身，而不是它的结果：应写 `model.parameters()`，带括号。",
    ),
    _hint(
        "optimizer-without-parameters",
        r"optimizer got an empty parameter list",
        "The model has no parameters: are its layers in a plain list, or in variables of "
        "`__init__`?",
        "模型没有参数：层是不是放在普通列表里，或者只是 `__init__` 里的局部变量？",
    ),
    _hint(
        "not-iterable",
        r"'\w+' object is not iterable",
        "Something that holds no items is gone through: an optimizer wants `model.parameters()`, "
        "and `input` without an assignment is Python's own function.",
        "被遍历的对象里没有元素：优化器要的是 `model.parameters()`；"
        "没有赋值过的 `input` 是 Python 自带的函数。",
    ),
    _hint(
        "tensor-as-condition",
        r"Boolean value of Tensor with more than one value is ambiguous",
        "A tensor stands where one yes or no belongs, as in `nn.ReLU(x)`: make the layer first, "
        "`nn.ReLU()`, then call it with x.",
        "需要真假值的地方传入了张量，例如 `nn.ReLU(x)`：先创建层 `nn.ReLU()`，再用 x 调用它。",
    ),
    _hint(
        "integers-not-implemented",
        r"not implemented for 'Long'",
        "This operation needs decimal numbers: `.float()`, or `dtype=torch.float32`.",
        "这个运算需要小数：使用 `.float()`，或 `dtype=torch.float32`。",
    ),
    _hint(
        "keyword-unknown",
        r"got an unexpected keyword argument|unexpected keyword",
        "There is no argument of this name: is it misspelt (`kernel_size`, `weights`)?",
        "没有这个名称的参数：是不是拼写错了（`kernel_size`、`weights`）？",
    ),
    _hint(
        "sequential-by-position",
        r"is not a Module subclass",
        "`nn.Sequential` takes objects: layers with brackets, `nn.ReLU()`, and no list round them.",
        "`nn.Sequential` 接收的是对象：层要带括号，如 `nn.ReLU()`，外面不要加列表。",
    ),
    _hint(
        "no-cuda",
        r"Found no NVIDIA driver|not compiled with CUDA|No CUDA GPUs are available",
        "This machine has no GPU: use `x.device`, or check `torch.cuda.is_available()` first.",
        "本机没有 GPU：请使用 `x.device`，或先判断 `torch.cuda.is_available()`。",
    ),
    _hint(
        "whole-model-saved",
        r"Weights only load failed|WeightsUnpickler error",
        "The file holds more than tensors: save `model.state_dict()`, not `model`.",
        "文件里不只有张量：应保存 `model.state_dict()`，而不是 `model`。",
    ),
    _hint(
        "in-place-on-leaf",
        r"leaf Variable that requires grad is being used in an in-place operation",
        "The function changes its input in place (`+=`, `x[...] =`, a name ending in `_`): make "
        "a new tensor.",
        "函数就地修改了输入（`+=`、`x[...] =`、以 `_` 结尾的方法）：请生成新的张量。",
    ),
    _hint(
        "layer-shape",
        r"size mismatch for|Missing key\(s\) in state_dict|Unexpected key\(s\) in state_dict",
        "A layer is missing, is called something else or has another shape than the exercise asks "
        "for: compare names and arguments with its text.",
        "某一层缺失、名字不同或形状与练习要求不符：请对照说明检查名称和参数。",
    ),
    _hint(
        "not-a-module",
        r"object is not (callable|an nn\.Module)|has no attribute '(load_state_dict|state_dict)'",
        "Is it an `nn.Module`? The class needs it as its base: `class Net(nn.Module):`.",
        "它是 `nn.Module` 吗？类需要继承它：`class Net(nn.Module):`。",
    ),
    _hint(
        "full-width-character",
        r"invalid (non-printable )?character",
        "Chinese punctuation and spaces are not Python: type the character again with the English "
        "keyboard.",
        "中文标点和全角空格不是 Python 语法：请切换到英文输入法重新输入该字符。",
    ),
    _hint(
        "bracket-open",
        r"was never closed",
        "Count the brackets: each that opens must close.",
        "数一数括号：每个左括号都要有对应的右括号。",
    ),
    _hint(
        "indentation",
        r"IndentationError|TabError|unindent does not match|inconsistent use of tabs",
        "Indent a block by four spaces, and never mix tabs with spaces.",
        "代码块用四个空格缩进，不要混用制表符和空格。",
    ),
    _hint(
        "colon-missing",
        r"expected ':'",
        "The line that opens a block (`def`, `class`, `if`, `for`) ends in a colon.",
        "开启代码块的那一行（`def`、`class`、`if`、`for`）要以英文冒号结尾。",
    ),
    _hint(
        "tensorboardx",
        r"No module named 'tensorboardX",
        "The same `SummaryWriter` is in `torch.utils.tensorboard`.",
        "`torch.utils.tensorboard` 里有同样的 `SummaryWriter`。",
    ),
    _hint(
        "recursion",
        r"RecursionError|maximum recursion depth",
        "A function calls itself without end: does `forward` call `self(x)`, or a function "
        "its own name?",
        "函数在无止境地调用自己：`forward` 里是不是写了 `self(x)`，或者函数调用了自己的名字？",
    ),
    _hint(
        "exit-called",
        r"^SystemExit",
        "`exit()` and `sys.exit()` end the whole program: leave them out.",
        "`exit()` 和 `sys.exit()` 会结束整个程序：请去掉它们。",
    ),
    _hint(
        "data-set-missing",
        r"Error downloading|Dataset not found",
        "A data set cannot be downloaded while grading: move this line under "
        "`if __name__ == '__main__':`.",
        "评分时不能下载数据集：请把这一行放到 `if __name__ == '__main__':` 之下。",
    ),
    _hint(
        "file-missing",
        r"^FileNotFoundError",
        "Only the file that you handed in is there when it is graded: make what you read first, "
        "or move the line under `if __name__ == '__main__':`.",
        "评分时只有你提交的那个文件：请先生成要读取的文件，"
        "或把这一行放到 `if __name__ == '__main__':` 之下。",
    ),
    _hint(
        "module-not-found",
        r"No module named|cannot import name",
        "Only torch and its companions can be imported, not your other files: did the editor add "
        "this line by itself?",
        "只能导入 torch 及其相关的库，不能导入你的其他文件：这一行是不是编辑器自动添加的？",
    ),
    _hint(
        "missing-return",
        r"'NoneType' object (has no attribute|is not (callable|iterable|subscriptable))",
        "Something is None here: most often a function or `forward` without `return`.",
        "这里的某个值是 None：最常见的原因是函数或 `forward` 忘了 `return`。",
    ),
)


ABOUT_LAYERS: Final = frozenset(
    {
        "batch-flattened",
        "wrong-flat-size",
        "wrong-channels",
        "batchnorm-width",
        "batchnorm-input",
        "layer-shape",
    }
)
"""Those that look for the cause in a layer of the learner's own."""

GENERAL: Final = {
    "not-written-yet": Text(
        en="The exercise's text says what belongs here; `TODO` marks each place.",
        zh="练习说明写明了这里应填什么；每一处都用 `TODO` 标出。",
    ),
    "missing-return": Text(
        en="A function without `return` gives None; and a blank that is not filled in is None.",
        zh="没有 `return` 的函数返回 None；没有填写的空也是 None。",
    ),
    "modifies-input": Text(
        en="`x += 1`, `x[...] = …` and methods that end in `_` change the caller's tensor; "
        "`x = x + 1` makes a new one.",
        zh="`x += 1`、`x[...] = …` 和以 `_` 结尾的方法会改动调用者的张量；"
        "`x = x + 1` 则生成新的张量。",
    ),
    "cuts-the-graph": Text(
        en="Stay with tensor operations from the input to the result, so that autograd can follow.",
        zh="从输入到结果都使用张量运算，自动求导才能跟踪。",
    ),
    "device-not-kept": Text(
        en="Look for `torch.zeros`, `torch.empty` and the like: with `device=x.device`, or as "
        "`x.new_zeros(…)`, the result lies where the input lies.",
        zh="找找 `torch.zeros`、`torch.empty` 之类的调用：写上 `device=x.device`，或改用 "
        "`x.new_zeros(…)`，结果就和输入在同一个设备上。",
    ),
    "float32-on-the-way": Text(
        en="The values are right to about 6 digits, as float32 would keep them, where float64 is "
        "expected. Look for `.float()`, `float32` and tensors created without `dtype=x.dtype`.",
        zh="数值只有约 6 位是对的，和 float32 的精度一样，而这里应为 float64。"
        "找找 `.float()`、`float32`，以及创建时没有写 `dtype=x.dtype` 的张量。",
    ),
    "saves-more-than-tensors": Text(
        en="Save `model.state_dict()`, a dict of tensors, not the model itself.",
        zh="应保存 `model.state_dict()`（张量的字典），而不是模型本身。",
    ),
}
"""Mistakes that the comparisons recognise in any exercise; an exercise may word them better."""


def find_hint(type_name: str, message: str) -> ErrorHint | None:
    """Find the likely cause of an error.

    Args:
        type_name: The name of the exception's class.
        message: Its text, from the student's process.
    """
    text = f"{type_name}: {message}"[:2_000]
    return next((hint for hint in HINTS if hint.pattern.search(text)), None)
