"""What is said about training: steps, devices, modes, weights."""

from __future__ import annotations

from typing import Final

from grader.session.advice.saying import Saying, lesson, mistake

SAYINGS: Final[dict[str, Saying]] = {
    "zero-grad-missing": mistake(
        "The gradients pile up: `backward()` adds to those that are there, so step 2 uses g1 + g2. "
        "Call `optimizer.zero_grad()` in this loop.",
        "梯度会累加：`backward()` 会加到已有的梯度上，第 2 步用的就是 g1 + g2。"
        "请在这个循环里调用 `optimizer.zero_grad()`。",
    ),
    "loss-added-as-tensor": lesson(
        "`{name}` adds up tensors, each of which keeps its graph alive: `{loss}.item()` gives the "
        "number. The video does this too; with many steps it fills the memory.",
        "`{name}` 累加的是张量，每个张量都会保留自己的计算图：`{loss}.item()` 给出数值。"
        "视频里也是这样写的；步数多了会占满内存。",
    ),
    "labels-are-images": mistake(
        "`{target} = {given}.to(…)`: copied, and now the labels are the images (*0D or 1D target "
        "tensor expected*). Write `{target} = {target}.to(device)`.",
        "`{target} = {given}.to(…)`：复制后忘了改，标签变成了图像"
        "（*0D or 1D target tensor expected*）。应写 `{target} = {target}.to(device)`。",
    ),
    "data-set-shadowed": mistake(
        "The loop gives the name `{name}` to each batch, so the data set of that name is gone "
        "after it: `len({name})` is then that of a batch.",
        "循环把 `{name}` 这个名字给了每个批次，同名的数据集之后就没有了："
        "`len({name})` 得到的是一个批次的长度。",
    ),
    "eval-missing": lesson(
        "The network is tested in the mode that it trains in. Harmless now; wrong as soon as there "
        "is BatchNorm or Dropout (section 8): `model.eval()` before this loop, `model.train()` "
        "before the other.",
        "测试时网络还处在训练模式。现在没有影响；一旦有了 BatchNorm 或 Dropout（第 8 节）就会出错："
        "这个循环之前写 `model.eval()`，训练循环之前写 `model.train()`。",
    ),
    "eval-missing-here": mistake(
        "The network has {layers}, and is tested as it is trained: what comes out changes with "
        "chance and with the other images of the batch. `no_grad` does not help there: call "
        "`model.eval()` before this loop, and `model.train()` before the training loop.",
        "网络里有 {layers}，测试时却还处在训练模式：结果会随机变化，还取决于同一批的其他图像。"
        "`no_grad` 管不了这一点：在这个循环之前调用 `model.eval()`，训练循环之前调用 "
        "`model.train()`。",
    ),
    "no-grad-missing": lesson(
        "Testing needs no gradients: `with torch.no_grad():` round this loop saves memory.",
        "测试不需要梯度：用 `with torch.no_grad():` 包住这个循环，能节省内存和时间。",
    ),
    "parameters-not-called": mistake(
        "`{given}` is a method (*'method' object is not iterable*): call it, `{given}()`.",
        "`{given}` 是方法（*'method' object is not iterable*）：要调用它，`{given}()`。",
    ),
    "optimizer-of-a-model": mistake(
        "The optimizer wants the parameters, not the model: `{name}.parameters()`.",
        "优化器要的是参数，而不是模型：`{name}.parameters()`。",
    ),
    "optimizer-of-another": mistake(
        "The optimizer got the parameters of `{name}`, and the loop runs `{other}`: that one never "
        "changes.",
        "优化器拿到的是 `{name}` 的参数，而循环里运行的是 `{other}`：它永远不会改变。",
    ),
    "optimizer-of-a-new-one": mistake(
        "The optimizer got the parameters of `{name}`, which is made here and used for nothing "
        "else: the network that is trained is another one, and never changes. Give it that "
        "network's parameters, in a method `self.parameters()`.",
        "优化器拿到的是 `{name}` 的参数，而它是在这里新建的，别处都没有用到："
        "真正训练的是另一个网络，它永远不会改变。应传入那个网络的参数，在方法里就是 "
        "`self.parameters()`。",
    ),
    "method-not-called": mistake(
        "`.{name}` without brackets is the method itself, not a number: `.{name}()`.",
        "`.{name}` 没有括号就是方法本身，不是数值：应写 `.{name}()`。",
    ),
    "target-is-no-class": mistake(
        "The target of CrossEntropyLoss is the number of a class, of dtype long and shape [N]: "
        "`torch.tensor([1])`, with no decimal point.",
        "CrossEntropyLoss 的目标是类别的编号，dtype 为 long，形状为 [N]："
        "`torch.tensor([1])`，不带小数点。",
    ),
    "probabilities-as-logits": lesson(
        "These numbers add up to 1. That is legal, but CrossEntropyLoss applies softmax again: it "
        "expects plain scores.",
        "这些数加起来等于 1。这样写合法，但 CrossEntropyLoss 会再做一次 softmax："
        "它需要的是原始分数。",
    ),
    "load-gives-no-model": mistake(
        "`load_state_dict` changes the model and returns a note about the keys: no `{name} =` "
        "before it.",
        "`load_state_dict` 直接修改模型，返回的只是关于键的说明：前面不要写 `{name} =`。",
    ),
    "added-outside-forward": mistake(
        "`{name}.add_module(…)` adds a layer that `{name}`'s forward never calls: the output is "
        "still 1000 wide. Add it to the part that runs: `{name}.classifier.add_module(…)`.",
        "`{name}.add_module(…)` 添加的层不会被 `{name}` 的 forward 调用：输出仍是 1000 个数。"
        "应加到会运行的部分：`{name}.classifier.add_module(…)`。",
    ),
    "whole-model-saved": lesson(
        "`{name}` is saved with its class: who loads it needs the class, and since torch 2.6 "
        "`weights_only=False`. `{name}.state_dict()` holds the tensors alone.",
        "`{name}` 连同它的类一起保存：读取时需要这个类，torch 2.6 之后还要 `weights_only=False`。"
        "`{name}.state_dict()` 只保存张量。",
    ),
    "load-without-weights-only": lesson(
        "Since torch 2.6 `torch.load` reads tensors only, and refuses a whole model. Load a "
        "`state_dict` into a network that the script makes.",
        "torch 2.6 之后 `torch.load` 只读取张量，会拒绝整个模型。"
        "请把 `state_dict` 读入脚本里创建的网络。",
    ),
    "pretrained-is-old": lesson(
        '`pretrained=` is old: `{name}(weights=None)`, or `weights="DEFAULT"` for trained ones.',
        "`pretrained=` 是旧写法：应写 `{name}(weights=None)`，需要训练好的权重时用 "
        '`weights="DEFAULT"`。',
    ),
    "cuda-without-check": lesson(
        'This needs a GPU. `device = torch.device("cuda" if torch.cuda.is_available() else '
        '"cpu")` runs everywhere; it was graded on the device that is here.',
        '这需要 GPU。`device = torch.device("cuda" if torch.cuda.is_available() else "cpu")` '
        "处处可用；评分时用的是本机的设备。",
    ),
    "loss-of-whole-numbers": mistake(
        "`{kind}` takes means, and these tensors hold whole numbers: write them with a point, "
        "`1.0`, or give `dtype=torch.float32`.",
        "`{kind}` 要求平均值，而这些张量是整数：请写成带小数点的 `1.0`，或加上 "
        "`dtype=torch.float32`。",
    ),
    "class-out-of-range": mistake(
        "The target {given} names no class: with {classes} outputs the classes are 0 to {last} "
        "(*Target {given} is out of bounds*).",
        "目标 {given} 不是有效的类别：有 {classes} 个输出时，类别编号是 0 到 {last}"
        "（*Target {given} is out of bounds*）。",
    ),
    "wrong-count": mistake(
        "`{above}` is a sum over the training set, and `{below}` counts the test set. Divide by "
        "the number of what was added up.",
        "`{above}` 是训练集上的总和，而 `{below}` 是测试集的数量。应除以被累加的那部分的数量。",
    ),
    "sum-never-read": mistake(
        "`{name}` adds the losses up and nobody looks at it; what is printed here is `{loss}`, the "
        "loss of the last batch alone. Print `{name}`.",
        "`{name}` 累加了各批的损失，却没有用上；这里打印的 `{loss}` 只是最后一批的损失。"
        "应打印 `{name}`。",
    ),
    "trained-all-the-same": mistake(
        "`{name}` is made with `pretrained=True`, so it is a trained network too. For one without "
        "trained weights: `pretrained=False`, today `weights=None`.",
        "`{name}` 用了 `pretrained=True`，所以它也是训练好的网络。不要预训练权重应写 "
        "`pretrained=False`，新写法是 `weights=None`。",
    ),
    "class-not-here": lesson(
        "If this file holds a whole model of a class of your own, loading needs that class: define "
        "or import it here (*Can't get attribute*). Better, save `model.state_dict()` and load "
        "that into a new object.",
        "如果这个文件保存的是自己写的类的整个模型，读取时就需要那个类：请在这里定义或导入它"
        "（*Can't get attribute*）。更好的做法是保存 `model.state_dict()`，再读入一个新对象。",
    ),
    "backward-missing": mistake(
        "`{name}.step()` has nothing to go by: no line of this loop calls `loss.backward()`, which "
        "computes the gradients. Put it between `zero_grad()` and `step()`.",
        "`{name}.step()` 没有依据：这个循环里没有任何一行调用 `loss.backward()` 来计算梯度。"
        "请把它放在 `zero_grad()` 和 `step()` 之间。",
    ),
    "argmax-over-the-batch": mistake(
        "Dimension 0 counts the images; the class of an image is where its row is largest: "
        "`argmax(1)`.",
        "第 0 维是图像的编号；一张图的类别是它那一行里最大值的位置：应写 `argmax(1)`。",
    ),
}
