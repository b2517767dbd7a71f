"""What is said about the skeleton of a class."""

from __future__ import annotations

from typing import Final

from grader.session.advice.saying import Saying, lesson, mistake

SAYINGS: Final[dict[str, Saying]] = {
    "super-without-brackets": mistake(
        "`super` is a function: write `super().__init__()`. The message *descriptor '__init__' of "
        "'super' object needs an argument* always means this.",
        "`super` 是一个函数：应写 `super().__init__()`。"
        "看到 *descriptor '__init__' of 'super' object needs an argument* 就是这个原因。",
    ),
    "super-missing": mistake(
        "`__init__` of `{name}` does not call `super().__init__()`: without it `nn.Module` cannot "
        "register a layer, and even a network without layers fails when it is called.",
        "`{name}` 的 `__init__` 没有调用 `super().__init__()`：没有它 `nn.Module` 无法登记任何层，"
        "就连没有层的网络在调用时也会出错。",
    ),
    "init-misspelt": mistake(
        "Python never called your `{given}`: it looks for `__init__`, four letters between two "
        "underscores on each side. So `{name}` has no layer.",
        "Python 从不调用 `{given}`：它只找 `__init__`（init 四个字母，两侧各两条下划线）。"
        "所以 `{name}` 里没有任何层。",
    ),
    "forward-misspelt": mistake(
        "`nn.Module` calls exactly `forward`; you defined `{given}`. Python says nothing about it "
        "until the network is called.",
        "`nn.Module` 调用的名字必须是 `forward`，而你定义的是 `{given}`。"
        "在调用网络之前，Python 不会提示这一点。",
    ),
    "forward-within-init": mistake(
        "This `forward` is indented too far: it is a function within `__init__`, gone when "
        "`__init__` ends. Move it to the left, below `__init__`.",
        "这个 `forward` 缩进太深：它成了 `__init__` 里面的函数，`__init__` 结束就没有了。"
        "请把它左移，与 `__init__` 对齐。",
    ),
    "forward-without-return": mistake(
        "`forward` computes and returns nothing, so the network gives None. End it with `return`.",
        "`forward` 计算了却没有返回，所以网络的输出是 None。请在结尾加上 `return`。",
    ),
    "forward-calls-itself": mistake(
        "`self(…)` calls `forward` again, without end: call the layers, `self.conv1(x)`.",
        "`self(…)` 会再次调用 `forward`，无止境地循环：应调用各层，如 `self.conv1(x)`。",
    ),
    "base-missing": mistake(
        "`{name}` has no base: write `class {name}(nn.Module):`, or it cannot be called and has no "
        "parameters.",
        "`{name}` 没有继承：应写 `class {name}(nn.Module):`，否则它不能被调用，也没有参数。",
    ),
    "self-missing": mistake(
        "The first parameter of `{method}` must be `self`: Python passes the object there.",
        "`{method}` 的第一个参数必须是 `self`：Python 会在那里传入对象本身。",
    ),
    "class-called": mistake(
        "`{name}(…)` makes an object, and this class takes nothing for that. Two steps: "
        "`net = {name}()`, then `net(x)`.",
        "`{name}(…)` 是创建对象，而这个类创建时不接收参数。分两步：先 `net = {name}()`，"
        "再 `net(x)`。",
    ),
    "comma-for-point": mistake(
        "`{given}` has a comma where a decimal point belongs: `{meant}`. Only the test input is "
        "wrong, not your class.",
        "`{given}` 里把小数点写成了逗号：应为 `{meant}`。错的只是测试输入，不是你的类。",
    ),
    "forward-called": lesson(
        "`{name}.forward(x)` works, but skips hooks: call the object, `{name}(x)`, and nn.Module "
        "calls `forward` for you.",
        "`{name}.forward(x)` 可以运行，但会跳过 hook：应直接调用对象 `{name}(x)`，"
        "nn.Module 会替你调用 `forward`。",
    ),
    "shadowed-by-its-object": lesson(
        "From this line on, `{name}` is the object, and the class can no longer be reached. Give "
        "the object a name of its own; by custom a class begins with a capital.",
        "从这一行起，`{name}` 指的是对象，再也无法用这个名字找到类。"
        "请给对象另起名字；按习惯，类名首字母大写。",
    ),
    "named-like-a-layer": lesson(
        "`{name}` is the name of a layer of torch's too. With another name nobody takes one for "
        "the other.",
        "`{name}` 也是 torch 自带的层的名字。换一个名字就不会混淆。",
    ),
    "super-not-called": mistake(
        "`super().__init__` without brackets at its end names the method and does not call it: "
        "write `super().__init__()`.",
        "`super().__init__` 末尾没有括号，只是提到了这个方法，并没有调用它：应写 "
        "`super().__init__()`。",
    ),
    "super-too-late": mistake(
        "`self.{name}` is set before `super().__init__()` has run, and `nn.Module` cannot register "
        "a layer yet (*cannot assign module before Module.__init__() call*). Make "
        "`super().__init__()` the first line of `__init__`.",
        "`self.{name}` 在 `super().__init__()` 之前赋值，这时 `nn.Module` 还不能登记层"
        "（*cannot assign module before Module.__init__() call*）。"
        "请把 `super().__init__()` 放在 `__init__` 的第一行。",
    ),
    "class-never-used": lesson(
        "Still to do: no line makes an object of `{name}`. `net = {name}()`, and then `net(x)`, "
        "shows what it does.",
        "还差一步：没有任何一行创建 `{name}` 的对象。先 `net = {name}()`，再 `net(x)`，"
        "就能看到结果。",
    ),
}
