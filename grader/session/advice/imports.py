"""What is said about imports, and about lines that are no Python."""

from __future__ import annotations

from typing import Final

from grader.session.advice.saying import Saying, lesson, mistake

SAYINGS: Final[dict[str, Saying]] = {
    "added-by-the-editor": mistake(
        "Did your editor add this line by itself? `{names}` from `{module}` is not meant here, and "
        "where `{module}` cannot be imported nothing of the script runs. Delete the line.",
        "这一行是不是编辑器自动添加的？这里并不需要 `{module}` 里的 `{names}`，"
        "在无法导入 `{module}` 的地方，整个脚本都不能运行。请删除这一行。",
    ),
    "library-missing": lesson(
        "`{module}` is not installed where this was graded: what needs it was left out, and the "
        "rest was graded.",
        "评分的机器上没有安装 `{module}`：用到它的部分被略过，其余部分已经评分。",
    ),
    "module-missing": lesson(
        "`{module}` is not here. If it is a file of your own, keep it in the same folder, or hand "
        "it in too; what does not need it was graded.",
        "这里没有 `{module}`。如果它是你自己的文件，请放在同一文件夹里，或者一起提交；"
        "不依赖它的部分已经评分。",
    ),
    "torch-tensor-imported": mistake(
        "`torch.tensor` is a function, no module: delete the line, `import torch` is enough.",
        "`torch.tensor` 是函数，不是模块：请删除这一行，`import torch` 就够了。",
    ),
    "torch-vision": mistake(
        "The package is called `torchvision`, in one word.",
        "这个包的名字是 `torchvision`，连在一起写。",
    ),
    "tensorboardx": lesson(
        "torch has the same `SummaryWriter`: `from torch.utils.tensorboard import SummaryWriter`.",
        "torch 里有同样的 `SummaryWriter`：`from torch.utils.tensorboard import SummaryWriter`。",
    ),
    "slashes-for-a-comment": mistake(
        "A comment of Python begins with `#`, not with `//`.",
        "Python 的注释以 `#` 开头，而不是 `//`。",
    ),
    "import-missing": mistake(
        "`{name}` is used here and never imported (*name '{name}' is not defined*). Add "
        "`{line}` at the top.",
        "这里用到了 `{name}`，却没有导入（*name '{name}' is not defined*）。请在文件开头加上 "
        "`{line}`。",
    ),
    "variable-misspelt": mistake(
        "No line gives `{name}` a value. Is `{near}` meant?",
        "没有任何一行给 `{name}` 赋值。是不是想写 `{near}`？",
    ),
    "variable-undefined": mistake(
        "No line gives `{name}` a value (*name '{name}' is not defined*). Define it before this "
        "line, or delete what uses it.",
        "没有任何一行给 `{name}` 赋值（*name '{name}' is not defined*）。"
        "请在这一行之前定义它，或删掉用到它的地方。",
    ),
    "self-left-out": mistake(
        "`{name}` is kept in the object, so it is called `self.{name}` here: without `self.` "
        "Python looks for a variable of that name, and there is none.",
        "`{name}` 保存在对象上，这里应写 `self.{name}`：没有 `self.`，Python 会去找名为 `{name}` "
        "的变量，而它并不存在。",
    ),
}
