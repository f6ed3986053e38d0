"""examples/dmz-with-balancer on LocalStack: its groups and rules. The emulator has no balancers, so these are planned alone."""

import conftest
from harness import aws_module, ec2
from harness import terraform as terraforms
from harness.rules import Rule
from harness.workspace import Workspace

BALANCER, SERVER = "tachyon-balancer", "tachyon-tachyon"


def test_the_servers_admit_the_balancer_and_nobody_from_the_internet(localstack, vpc, tmp_path):
    aws_module.copy(tmp_path, "dmz-with-balancer")
    aws_module.mend_classic(tmp_path)
    folder = tmp_path / "dmz-with-balancer"
    aws = Workspace(terraforms.usable(), folder)
    aws.init()
    # All of it, by the schema of the real provider.
    aws.run("validate")
    aws.write("emulator_override.tf", conftest.aws_override(localstack, vpc))
    listeners = {change["after"]["port"] for change in aws.plan().resources("aws_lb_listener").values()}
    assert listeners == {443, 4000}
    (folder / "balancer.tf").unlink()
    planned = aws.plan()
    assert set(planned.changes().values()) == {("create",)}
    aws.run("apply", "plan.bin")
    aws.assert_settled()

    groups = {name: set(group.rules) for name, group in ec2.groups(localstack.ec2(), vpc).items()}
    internet = {Rule("ingress", "tcp", port, port, "ipv4", "0.0.0.0/0") for port in (443, 4000)}
    forwarded = {Rule("egress", "tcp", port, port, "group", f"tachyon-{name}") for port in (443, 4000) for name in ("dmz-1", "dmz-2")}
    assert groups[BALANCER] == internet | forwarded
    for name in ("tachyon-dmz-1", "tachyon-dmz-2"):
        assert groups[name] == {
            Rule("ingress", "tcp", 443, 443, "group", BALANCER),
            Rule("ingress", "tcp", 4000, 4000, "group", BALANCER),
            Rule("ingress", "tcp", 443, 443, "group", SERVER),
            Rule("ingress", "tcp", 4001, 4001, "group", SERVER),
            Rule("egress", "tcp", 443, 443, "group", SERVER),
            Rule("egress", "tcp", 3901, 3901, "group", SERVER),
        }
    aws.destroy()
