"""Finds which layer of a learner's network plays the part of an attribute that a suite reads."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from grader.worker.detached import detached
from grader.worker.likeness import Likeness

Finder = Callable[[Any, str], tuple[str, nn.Module] | None]


def make_finder(like: Likeness) -> Finder:
    """Make the function that finds a part, by its type and its place in the tree of modules.

    It gives the path and the layer, or None. Student code may hold it: it reaches nothing of ours.
    """
    attributes = dict(like.attributes)
    kinds = {name: getattr(nn, kind) for name, kind in attributes.items()}
    module, sequence, chain_of = nn.Module, nn.Sequential, _make_chain_of(like)

    def find(net: Any, name: str) -> tuple[str, nn.Module] | None:  # noqa: ANN401
        kind = kinds[name]
        known = [
            (path, layer)
            for path, layer in module.named_modules(net)
            if isinstance(layer, kind) and layer is not net
        ]
        if kind is sequence:
            if isinstance(net, sequence):
                return "self", net
            known.sort(key=lambda each: len(list(module.children(each[1]))), reverse=True)
            if not known:
                return chain_of(net)
            # It may be but a part; all that runs is what is asked for.
            inside = {id(layer) for layer in module.modules(known[0][1])}
            leaves = (
                each for each in module.modules(net) if next(module.children(each), None) is None
            )
            if all(id(layer) in inside for layer in leaves):
                return known[0]
            whole = chain_of(net)
            is_more = whole is not None and any(
                id(layer) not in inside for layer in module.children(whole[1])
            )
            return whole if is_more else known[0]
        same = [other for other, its in attributes.items() if its == attributes[name]]
        place = same.index(name)
        return known[place] if place < len(known) else None

    return detached(find)  # type: ignore[arg-type]


def _make_chain_of(like: Likeness) -> Callable[[Any], tuple[str, nn.Module] | None]:
    """Make the function that gives the layers which run one after the other, if that is all.

    What `forward` does between them by functions, such as `torch.flatten(x, 1)` or `F.relu(x)`,
    has its place among them as the layer that does the same.
    """
    size, module, sequence, between = like.input, nn.Module, nn.Sequential, _make_between()
    no_grad, equal, draw = torch.no_grad, torch.equal, torch.rand
    seeded = torch.Generator().manual_seed

    def chain_of(net: Any) -> tuple[str, nn.Module] | None:  # noqa: ANN401
        modes = [(layer, layer.training) for layer in module.modules(net)]
        run: list[Any] = []
        hooks = [
            layer.register_forward_hook(lambda *call: run.append(call))
            for layer, _ in modes
            if layer is not net and next(module.children(layer), None) is None
        ]
        weight = next(module.parameters(net), None)
        try:
            with no_grad():
                module.eval(net)
                probe = draw(size, generator=seeded(0))
                probe = probe if weight is None else probe.to(weight)
                answer = net(probe)
                while hooks:
                    hooks.pop().remove()
                steps, at = [], probe
                for layer, given, made in run:
                    steps += [*between(at, given[0]), layer]
                    at = made
                chain = sequence(*steps, *between(at, answer))
                is_all = bool(run) and equal(chain(probe), answer)
        except Exception:  # noqa: BLE001 - the learner's own forward
            return None
        finally:
            while hooks:
                hooks.pop().remove()
            for layer, mode in modes:
                layer.training = mode
        chain.training = net.training
        return ("forward", chain) if is_all else None

    return detached(chain_of)  # type: ignore[arg-type]


def _make_between() -> Callable[[torch.Tensor, torch.Tensor], tuple[nn.Module, ...]]:
    """Make the function that gives the layers which make one tensor of another.

    None where they are the same; an error where no few layers do it.
    """
    relu, pool, flatten = nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
    candidates: tuple[tuple[nn.Module, ...], ...] = (
        (flatten,),
        (relu,),
        (pool,),
        (relu, pool),
        (pool, relu),
        (relu, flatten),
        (pool, flatten),
        (relu, pool, flatten),
        (pool, relu, flatten),
        (nn.Softmax(dim=1),),
        (nn.LogSoftmax(dim=1),),
    )
    sequence, equal, duplicate = nn.Sequential, torch.equal, copy.deepcopy

    def between(before: Any, after: Any) -> tuple[nn.Module, ...]:  # noqa: ANN401
        if before is after or equal(before, after):
            return ()
        for layers in candidates:
            if layers[-1] is not flatten and before.dim() != after.dim():
                continue
            try:
                is_it = equal(sequence(*layers)(before), after)
            except Exception:  # noqa: BLE001, S112 - a pooling of what is no image
                continue
            if is_it:
                return duplicate(layers)
        raise ValueError

    return detached(between)  # type: ignore[arg-type]
