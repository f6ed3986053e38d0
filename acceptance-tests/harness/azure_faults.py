"""What happens to an installation on Azure beside its changes: an apply that ends before its time, and changes by hand.

The stand-ins are Terraform's own, which never fails to write one and has nothing to read back. So what azurerm would have left behind is
written into Terraform's state here: after a cut only what was done until then, and in a refresh what the Azure in memory holds. What the
next plan and apply make of that is Terraform's and the module's own doing. What can't be shown so is azurerm's reading and the moment
after a kill in which something was created that no state has: azurerm then asks for its import.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from harness.workspace import Workspace

type State = dict[str, Any]
type Instance = dict[str, Any]


class Event(NamedTuple):
    """Something that an apply says: that a change began or ended, what is done, and to what."""

    moment: str
    action: str
    address: str


class Cut(NamedTuple):
    """An apply that ends before its time: no change begins after so many have ended, and those that have begun end.

    Where the last one is refused, it is one that began and was never done.
    """

    after: int
    refused: bool = False

    def until(self, events: list[Event]) -> list[Event]:
        """The events that there are all the same."""
        kept: list[Event] = []
        ended = 0
        for event in events:
            if event.moment == "apply_start" and ended < self.after:
                kept.append(event)
            elif event.moment == "apply_complete" and event._replace(moment="apply_start") in kept:
                kept.append(event)
                ended += 1
        begun = [event for event in kept if event.moment == "apply_start"]
        if self.refused and begun:
            _, action, address = begun[-1]
            kept = [event for event in kept if event[1:] != (action, address)]
        return kept


def events(said: str) -> list[Event]:
    """From what an apply says line by line."""
    return [
        Event(one["type"], one["hook"]["action"], one["hook"]["resource"]["addr"])
        for one in map(json.loads, said.splitlines())
        if one["type"] in ("apply_start", "apply_complete")
    ]


def read(workspace: Workspace) -> State:
    """The state, as Terraform keeps it beside the configuration; an empty one where nothing was applied yet."""
    kept = workspace.folder / "terraform.tfstate"
    return json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {"resources": [], "outputs": {}}


def inputs(state: State) -> dict[str, dict[str, Any]]:
    """What each stand-in holds, by address."""
    found = {address: instance["attributes"].get("input") for address, instance in _instances(state)}
    return {address: held["value"] for address, held in found.items() if held is not None}


def write(workspace: Workspace, state: State) -> None:
    """Replaces the state, which was read before."""
    written = {**state, "serial": read(workspace)["serial"] + 1, "check_results": None}
    workspace.write("state.json", json.dumps(written))
    workspace.run("state", "push", "state.json")


def cut(before: State, after: State, said: list[Event], done: list[Event]) -> State:
    """The state that an apply leaves that did only some of what it said."""
    old, new = dict(_instances(before)), dict(_instances(after))
    kept: dict[str, list[Instance]] = {}
    for address in {**old, **new}:
        wanted = [event.action for event in said if event.moment == "apply_complete" and event.address == address]
        finished = [event.action for event in done if event.moment == "apply_complete" and event.address == address]
        kept[address] = list(_left(wanted, finished, old.get(address), new.get(address)))
    left = copy.deepcopy(after)
    known = {_resource(resource): resource for resource in left["resources"]}
    for resource in before["resources"]:
        if _resource(resource) not in known:
            left["resources"].append(copy.deepcopy(resource))
    for resource in left["resources"]:
        if resource["mode"] == "managed":
            own = [address for address in kept if _belongs(address, resource)]
            resource["instances"] = [instance for address in own for instance in kept[address]]
    left["resources"] = [resource for resource in left["resources"] if resource["instances"]]
    left["outputs"] = before["outputs"]
    return left


def _left(wanted: list[str], finished: list[str], old: Instance | None, new: Instance | None) -> Iterator[Instance]:
    """What is in the state of one resource, of whose changes some are finished."""
    if finished == wanted:
        yield from [new] if new is not None else []
    elif not finished:
        yield from [old] if old is not None else []
    elif finished == ["create"]:
        # The one that is replaced is still there, and to be deleted.
        assert old is not None
        assert new is not None
        yield from (new, {**old, "deposed": "0a11c0ff"})
    else:
        assert (wanted, finished) == (["delete", "create"], ["delete"]), (wanted, finished)


def edited(state: State, edit: Any) -> State:
    """The state as a refresh leaves it: `edit` takes the address and the arguments of each instance, and gives them as they are there.

    Null stands for one that is gone.
    """
    left = copy.deepcopy(state)
    for resource in left["resources"]:
        found = []
        for instance in resource["instances"]:
            held = instance["attributes"].get("input") if resource["mode"] == "managed" else None
            if held is not None:
                given = edit(_address(resource, instance), held["value"])
                if given is None:
                    continue
                if given != held["value"]:
                    held["value"], held["type"][1] = given, _types(held, given)
                    instance["attributes"]["output"] = copy.deepcopy(held)
            found.append(instance)
        resource["instances"] = found
    left["resources"] = [resource for resource in left["resources"] if resource["instances"]]
    return left


def _types(held: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The types of an object's attributes; those that did not change keep theirs."""
    return {
        name: held["type"][1][name] if value == held["value"].get(name) else _type(value) for name, value in given.items()
    }


def _type(value: Any) -> Any:
    if isinstance(value, list):
        return ["tuple", [_type(one) for one in value]]
    if isinstance(value, dict):
        return ["object", {name: _type(one) for name, one in value.items()}]
    return {str: "string", bool: "bool", int: "number", type(None): "dynamic"}[type(value)]


def _instances(state: State) -> Iterator[tuple[str, Instance]]:
    for resource in state["resources"]:
        if resource["mode"] == "managed":
            yield from ((_address(resource, instance), instance) for instance in resource["instances"])


def _resource(resource: Any) -> str:
    parts: Iterable[str] = (resource["module"], resource["type"], resource["name"]) if "module" in resource else (
        resource["type"], resource["name"],
    )
    return ".".join(parts)


def _address(resource: Any, instance: Instance) -> str:
    key = instance.get("index_key")
    return _resource(resource) + ("" if key is None else f"[{json.dumps(key)}]")


def _belongs(address: str, resource: Any) -> bool:
    return address == _resource(resource) or address.startswith(f"{_resource(resource)}[")
