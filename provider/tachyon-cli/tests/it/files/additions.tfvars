# Rows of the user's own, of which some do not agree with each other.
deployment = {
  endpoints = {
    tachyon = { roles = ["master_stack", "response_stack"], cidrs = ["10.20.0.10/32"] }
    ad      = { roles = ["directory"], cidrs = ["10.20.0.20/32", "10.20.0.21/32", "10.20.0.20/32"] }
  }
  additions = {
    roles = {
      directory = { title = "Directory" }
      client    = { title = "Workstation" }
    }
    flows = {
      ldap = {
        source = "master_stack", destination = "directory", protocol = "tcp", ports = [389, 70000]
        purpose = "Look-ups", citation = "site/ad-1", priority = 3400
      }
      "Global catalog" = {
        source = "master_stack", destination = "directory", protocol = "tcp", ports = 3268
        purpose = "Look-ups", citation = "site/ad-2", priority = 3440
      }
      kerberos = {
        source = "master_stack", destination = "directory", protocol = "udp", ports = [88], setting = "kdc"
        purpose = "Tickets", citation = "site/ad-3", priority = 3480
      }
      kerberos_tcp = {
        source = "master_stack", destination = "directory", protocol = "tcp", ports = [88, 464], setting = "kdc"
        purpose = "Tickets", citation = "site/ad-3", priority = 3490
      }
      dns = {
        source = "master_stack", destination = "dirctory", protocol = "udp", ports = [53]
        purpose = "Names", citation = "dns 1", priority = 3540
      }
    }
  }
}
