endpoints = {
  tachyon = { roles = ["master_stack"], cidrs = [var.server, "${var.net}.10/32", cidrsubnet("10.0.0.0/8", 8, 1)] }
  clients = { roles = ["client"], cidrs = ["10.32.0.0/12"], ports = { http = 40 + 40 } }
}

locals {
  a = 1
}
