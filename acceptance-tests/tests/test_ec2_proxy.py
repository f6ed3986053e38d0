"""The proxy before the emulator, without Terraform: it refuses what EC2 refuses, remembers, and tells what was refused in between."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from harness.ec2_proxy import Ec2Proxy
from harness.ec2_state import Held, Interface, Packet, PrefixList, State, packets
from harness.life import interrupted
from harness.localstack import ec2_client
from harness.rules import Rule


@pytest.fixture(scope="module")
def there(localstack):
    """A VPC, its subnet, two groups in it of which the first names the second, and a client that goes through the proxy."""
    direct = localstack.ec2()
    vpc = direct.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnet = direct.create_subnet(VpcId=vpc, CidrBlock="10.30.1.0/24")["Subnet"]["SubnetId"]
    proxy = Ec2Proxy(localstack, vpc, 0.001)
    client = ec2_client(proxy.endpoint)
    one, other = (client.create_security_group(GroupName=name, Description="Of a test", VpcId=vpc)["GroupId"] for name in ("one", "other"))
    authorize(client, one, 443, UserIdGroupPairs=[{"GroupId": other, "Description": "From the other"}])
    yield client, proxy, vpc, subnet, one, other
    proxy.stop()


def authorize(client, group, port, **source):
    client.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}],
    )


def code(call, *arguments, **given):
    """The code of the error with which a call is refused."""
    with pytest.raises(ClientError) as failure:
        call(*arguments, **given)
    return failure.value.response["Error"]["Code"]


def networks(number, second=0):
    return [{"CidrIp": f"10.{second}.{place}.0/24"} for place in range(number)]


def test_a_group_in_use_is_not_deleted(there):
    client, _, _, subnet, _, other = there
    assert code(client.delete_security_group, GroupId=other) == "DependencyViolation"
    attached = client.create_security_group(GroupName="attached", Description="Of a test", VpcId=there[2])["GroupId"]
    card = client.create_network_interface(SubnetId=subnet, Groups=[attached])["NetworkInterface"]["NetworkInterfaceId"]
    assert code(client.delete_security_group, GroupId=attached) == "DependencyViolation"
    client.modify_network_interface_attribute(NetworkInterfaceId=card, Groups=[other])
    client.delete_security_group(GroupId=attached)
    six = [f"sg-{number:017x}" for number in range(6)]
    assert code(client.modify_network_interface_attribute, NetworkInterfaceId=card, Groups=six) == "SecurityGroupsPerInterfaceLimitExceeded"


def test_names_and_rules_are_there_once(there):
    client, proxy, vpc, _, one, other = there
    assert code(client.create_security_group, GroupName="ONE", Description="Of a test", VpcId=vpc) == "InvalidGroup.Duplicate"
    again = [{"GroupId": other, "Description": "Another description"}]
    assert code(authorize, client, one, 443, UserIdGroupPairs=again) == "InvalidPermission.Duplicate"
    before = proxy.state()
    # EC2 performs a call as a whole or not at all.
    both = [{"CidrIp": "10.9.0.0/16"}, {"CidrIp": "10.9.0.0/16"}]
    assert code(authorize, client, one, 22, IpRanges=both) == "InvalidPermission.Duplicate"
    assert proxy.state() == before
    assert proxy.refusals[-1].code == "InvalidPermission.Duplicate"


def test_the_quota_is_that_of_a_family(there):
    client, _, vpc, _, _, other = there
    full = client.create_security_group(GroupName="full", Description="Of a test", VpcId=vpc)["GroupId"]
    authorize(client, full, 80, IpRanges=networks(58))
    given = {"PrefixListName": "three", "MaxEntries": 3, "AddressFamily": "IPv4", "Entries": [{"Cidr": "10.0.0.0/8"}]}
    created = client.create_managed_prefix_list(**given)
    listed = created["PrefixList"]["PrefixListId"]
    # Three entries may come, whatever is in the list now.
    assert code(authorize, client, full, 81, PrefixListIds=[{"PrefixListId": listed}]) == "RulesPerSecurityGroupLimitExceeded"
    authorize(client, full, 81, UserIdGroupPairs=[{"GroupId": other}])
    assert code(authorize, client, full, 82, IpRanges=networks(2, 1)) == "RulesPerSecurityGroupLimitExceeded"
    authorize(client, full, 82, IpRanges=networks(1, 1))


def test_prefix_lists_keep_to_their_size(there):
    client, proxy, _, _, one, _ = there
    entries = [{"Cidr": f"10.{number}.0.0/16"} for number in range(3)]
    create = {"PrefixListName": "two", "MaxEntries": 2, "AddressFamily": "IPv4"}
    assert code(client.create_managed_prefix_list, **create, Entries=entries) == "PrefixListMaxEntriesExceeded"
    listed = client.create_managed_prefix_list(**create, Entries=entries[:2])["PrefixList"]["PrefixListId"]
    change = {"PrefixListId": listed, "CurrentVersion": 1}
    assert code(client.modify_managed_prefix_list, **change, AddEntries=entries[2:]) == "PrefixListMaxEntriesExceeded"
    assert code(client.modify_managed_prefix_list, **change, AddEntries=entries[2:], MaxEntries=5) == "InvalidRequest"
    authorize(client, one, 444, PrefixListIds=[{"PrefixListId": listed}])
    assert code(client.modify_managed_prefix_list, PrefixListId=listed, MaxEntries=61) == "RulesPerSecurityGroupLimitExceeded"
    client.modify_managed_prefix_list(PrefixListId=listed, MaxEntries=3)
    client.modify_managed_prefix_list(**change, AddEntries=entries[2:])
    assert proxy.state().lists[listed] == PrefixList(3, frozenset(entry["Cidr"] for entry in entries))
    assert client.describe_managed_prefix_lists(PrefixListIds=[listed])["PrefixLists"][0]["MaxEntries"] == 3
    assert code(client.delete_managed_prefix_list, PrefixListId=listed) == "DependencyViolation"


def test_descriptions_are_remembered(there):
    client, _, _, _, one, other = there
    source = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": other, "Description": "Later"}]}
    client.update_security_group_rule_descriptions_ingress(GroupId=one, IpPermissions=[source])
    rules = client.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [one]}])["SecurityGroupRules"]
    assert {rule.get("Description") for rule in rules if "ReferencedGroupInfo" in rule} == {"Later"}
    [group] = client.describe_security_groups(GroupIds=[one])["SecurityGroups"]
    [permission] = [part for part in group["IpPermissions"] if part["FromPort"] == 443]
    assert permission["UserIdGroupPairs"][0]["Description"] == "Later"


def held(number, group, direction, source):
    return {f"sgr-{number}": Held(group, Rule(direction, "tcp", 443, 443, "group" if source.startswith("sg-") else "ipv4", source))}


def test_a_packet_needs_both_ends_and_every_moment():
    """The evaluator by hand: a server lets a network in, and goes to a database that lets its group in."""
    cards = {
        "eni-1": Interface("server", "10.30.1.10", frozenset({"sg-1"})), "eni-2": Interface("database", "10.30.1.20", frozenset({"sg-2"})),
    }
    whole = {**held(1, "sg-1", "ingress", "10.1.0.0/16"), **held(2, "sg-1", "egress", "sg-2"), **held(3, "sg-2", "ingress", "sg-1")}
    hosts = {"server": None, "database": None, "10.1.0.1": "10.1.0.1", "10.2.0.1": "10.2.0.1"}

    def moment(*left_out, **more):
        rules = {name: one for name, one in (whole | more.get("rules", {})).items() if name not in left_out}
        return State({}, rules, more.get("cards", cards), {})

    inward, onward = Packet("10.1.0.1", "server", "tcp", 443), Packet("server", "database", "tcp", 443)
    assert packets(moment(), hosts) == {inward, onward}
    assert packets(moment("sgr-2"), hosts) == packets(moment("sgr-3"), hosts) == {inward}
    assert interrupted(moment(), [moment("sgr-1"), moment()], hosts) == {inward}
    split = {**held(4, "sg-1", "ingress", "10.1.0.0/17"), **held(5, "sg-1", "ingress", "10.1.128.0/17")}
    assert interrupted(moment(), [moment(rules=split), moment("sgr-1", rules=split)], hosts) == frozenset()
    # The interface leaves the group before the database knows the next one.
    left = {**cards, "eni-1": Interface("server", "10.30.1.10", frozenset({"sg-9"}))}
    assert interrupted(moment(), [moment(cards=left), moment()], hosts) == {inward, onward}
    # What passes only before, or only after, may go at any time.
    assert interrupted(moment(), [moment("sgr-1")], hosts) == frozenset()
