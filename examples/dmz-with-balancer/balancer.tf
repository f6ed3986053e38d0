# The balancer itself. Its listeners are the ports that its rules admit, so no port is written twice.

locals {
  # Where it listens: the ports of its ingress rules.
  listeners = toset([
    for rule in values(module.tachyon.rules) : tostring(rule.from_port) if rule.endpoint == "balancer" && rule.direction == "ingress"
  ])

  targets = merge([
    for port in local.listeners : {
      for name, address in local.dmz_servers : "${port}/${name}" => { port = port, address = address }
    }
  ]...)
}

resource "aws_subnet" "balancer" {
  vpc_id     = aws_vpc.tachyon.id
  cidr_block = "10.20.8.0/26"
}

resource "aws_internet_gateway" "tachyon" {
  vpc_id = aws_vpc.tachyon.id
}

resource "aws_lb" "dmz" {
  # checkov:skip=CKV_AWS_91: It would log connections of TLS listeners alone, and these are TCP; the VPC's flow logs see them.
  # checkov:skip=CKV_AWS_150: An example can be destroyed as it was made; protect yours by enable_deletion_protection.
  # checkov:skip=CKV_AWS_152: Its one subnet is in one zone; with several, traffic between them has its price.
  name               = "tachyon-dmz"
  load_balancer_type = "network"
  subnets            = [aws_subnet.balancer.id]
  # Only when it is created: a Network Load Balancer that was made without a group can't be given one.
  security_groups = module.tachyon.groups["balancer"]

  depends_on = [aws_internet_gateway.tachyon]
}

resource "aws_lb_target_group" "dmz" {
  for_each = local.listeners

  name        = "tachyon-dmz-${each.key}"
  port        = tonumber(each.key)
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = aws_vpc.tachyon.id

  # On the port of the traffic, so that its rules serve for the checks too.
  health_check {
    protocol = "TCP"
    port     = "traffic-port"
  }
}

resource "aws_lb_listener" "dmz" {
  for_each = local.listeners

  load_balancer_arn = aws_lb.dmz.arn
  port              = tonumber(each.key)
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.dmz[each.key].arn
  }
}

resource "aws_lb_target_group_attachment" "dmz" {
  for_each = local.targets

  target_group_arn = aws_lb_target_group.dmz[each.value.port].arn
  target_id        = each.value.address
}
