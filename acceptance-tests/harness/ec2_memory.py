"""What the emulator forgets and EC2 does not, put back into what it answers.

Of a rule that names a group or a prefix list it tells no description, or the first for ever; a prefix list keeps its first size.
"""

from __future__ import annotations

import re
import threading
import urllib.parse
from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from harness.ec2_refusals import Parameters, modified, permissions
from harness.ec2_state import Held, State
from harness.rules import Rule

_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
_DESCRIPTION = re.compile(r"IpPermissions\.\d+\.(?:Groups|PrefixListIds)\.\d+\.Description")


class Memory:
    """What callers gave: the descriptions of rules, and the prefix lists that are there, with the sizes that they got later."""

    def __init__(self) -> None:
        """With none."""
        self.prefix_lists: dict[str, int | None] = {}
        self._known: dict[Held, str] = {}
        self._lock = threading.Lock()

    @staticmethod
    def without(action: str, body: bytes) -> bytes:
        """A call as the emulator is to see it: to EC2 a description is no part of a rule, but it looks for one to revoke with it."""
        if not action.startswith(("Authorize", "Revoke")):
            return body
        kept = [one for one in urllib.parse.parse_qsl(body.decode(), keep_blank_values=True) if not _DESCRIPTION.fullmatch(one[0])]
        return urllib.parse.urlencode(kept).encode()

    def learn(self, action: str, given: Parameters, before: State, answer: bytes) -> None:
        """Takes what is in a call that was performed."""
        with self._lock:
            if action == "CreateManagedPrefixList":
                self.prefix_lists.update(dict.fromkeys(re.findall("<prefixListId>(.*?)</prefixListId>", answer.decode())))
            elif action == "DeleteManagedPrefixList":
                self.prefix_lists.pop(given["PrefixListId"], None)
            elif action == "ModifyManagedPrefixList" and "MaxEntries" in given:
                self.prefix_lists[given["PrefixListId"]] = int(given["MaxEntries"])
            if found := re.fullmatch("(?:Authorize|Update)SecurityGroup(?:RuleDescriptions)?(Ingress|Egress)", action):
                for rule, description in permissions(found[1].lower(), given):
                    self._known[Held(given["GroupId"], rule)] = description or ""
            elif action == "ModifySecurityGroupRules":
                for _, held, description in modified(given, before):
                    self._known[held] = description or ""

    def restore(self, action: str, answer: bytes) -> bytes:
        """An answer with what it lacks."""
        if action == "DescribeManagedPrefixLists":
            return self._resized(answer)
        read = {"DescribeSecurityGroupRules": _rules, "DescribeSecurityGroups": _permissions}.get(action)
        if read is None:
            return answer
        document = ET.fromstring(answer)  # noqa: S314 - the emulator's own answer
        for held, item in read(document):
            if held in self._known:
                for other in item.findall("{*}description"):
                    item.remove(other)
                ET.SubElement(item, f"{{{_NAMESPACE}}}description").text = self._known[held]
        return _text(document)

    def _resized(self, answer: bytes) -> bytes:
        document = ET.fromstring(answer)  # noqa: S314 - the emulator's own answer
        for item in document.iterfind("{*}prefixListSet/{*}item"):
            size, given = item.find("{*}maxEntries"), self.prefix_lists.get(item.findtext("{*}prefixListId") or "")
            if size is not None and given is not None:
                size.text = str(given)
        return _text(document)


def _text(document: Element) -> bytes:
    ET.register_namespace("", _NAMESPACE)
    text: bytes = ET.tostring(document, encoding="utf-8", xml_declaration=True)
    return text


def _rules(document: Element) -> Iterator[tuple[Held, Element]]:
    """Those rules of DescribeSecurityGroupRules whose description belongs to the item."""
    for item in document.iterfind("{*}securityGroupRuleSet/{*}item"):
        group, listed = item.findtext("{*}referencedGroupInfo/{*}groupId"), item.findtext("{*}prefixListId")
        direction = "egress" if item.findtext("{*}isEgress") == "true" else "ingress"
        if group or listed:
            yield _held(item, item.findtext("{*}groupId"), direction, "group" if group else "prefix_list", group or listed), item


def _permissions(document: Element) -> Iterator[tuple[Held, Element]]:
    """The same of DescribeSecurityGroups, which puts the sources of one protocol and range together."""
    for owner in document.iterfind("{*}securityGroupInfo/{*}item"):
        for name, direction in (("ipPermissions", "ingress"), ("ipPermissionsEgress", "egress")):
            for permission in owner.iterfind(f"{{*}}{name}/{{*}}item"):
                for part, kind, source in (("groups", "group", "groupId"), ("prefixListIds", "prefix_list", "prefixListId")):
                    for item in permission.iterfind(f"{{*}}{part}/{{*}}item"):
                        yield _held(permission, owner.findtext("{*}groupId"), direction, kind, item.findtext(f"{{*}}{source}")), item


def _held(item: Element, owner: str | None, direction: str, kind: str, source: str | None) -> Held:
    ports = [int(item.findtext(f"{{*}}{name}") or -1) for name in ("fromPort", "toPort")]
    return Held(owner or "", Rule(direction, item.findtext("{*}ipProtocol") or "", ports[0], ports[1], kind, source or ""))
