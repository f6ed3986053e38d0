endpoints = {
  tachyon = { roles = ["master_stack" }
}
