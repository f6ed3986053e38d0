region = "eu-central-1"

deployment = {
  matrix_version = "8.1"
  endpoints = {
    tachyon = { roles = ["master_stack", "response_stak"], cidrs = ["10.20.0.10/32"] }
    clients = {
      roles = ["client"]
      cidrs = [
        "10.32.0.1/12", # bits of the host
        "10.48.0.0",
      ]
      talks_tu = {}
    }
    "dmz-é" = { roles = [] }
  }
  exclude_flows = ["client_p2q"]
}
