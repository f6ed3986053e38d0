  endpoints = {
    tachyon = {
      roles = ["master_stak", "response_stack"]
      cidrs = ["10.20.1.10/24"]
      ports = { https = 70000, switches = [4000, 65535] }
    }
    sql = {
      roles              = ["sql_master", "sql_master"]
      security_group_id  = "sg-0a11c0ffee0000001"
      ports              = { sql = 0, swiches = [4000] }
    }
    catalog = {
      roles             = ["catalog_server"]
      security_group_id = "sg-0a11c0ffee0000001"
      talks_to          = { sql_catalogue = ["sql"] }
    }
    clients = {
      roles    = ["client"]
      cidr     = ["10.32.0.0/12"]
      cidrs    = ["10.32.0.0", "10.64.0.0/12", "10.64.0.0/12", "10.300.0.0/16"]
      ports    = { sql = 1433 }
      talks_to = { response_stack = ["tachion"] }
    }
    "dmz server" = {
      roles             = ["dmz_server"]
      security_group_id = "sg-0a11c0ffee0000003"
      ports             = { https = 8443, switches = [8443] }
    }
    mail = {
      roles        = ["smtp_server"]
      prefix_lists = { relays = { id = "pl-0a11c0ffee0000001" } }
    }
    browsers = {
      roles = ["browser"]
    }
    printer = {
      roles = []
    }
  }
  exclude_flows = ["client_p2q"]
  options       = { keep_master_catalog = true }
