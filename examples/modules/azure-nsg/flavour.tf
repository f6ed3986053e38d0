# Remembers how the rules were last written, to refuse a change of `rules_as` that leaves "none" out. The inline rules of a
# group have the names of the resources, so deleting those would delete the inline rules, in no particular order.
resource "terraform_data" "rules_as" {
  count = var.create && var.rules_as != "none" ? 1 : 0

  input = var.rules_as

  lifecycle {
    # The value of the apply that created it. "none" deletes it, and with it the memory.
    ignore_changes = [input]

    postcondition {
      condition     = self.output == var.rules_as
      error_message = "The rules were written with rules_as = \"${self.output}\", and rules_as is \"${var.rules_as}\" now. Apply once with rules_as = \"none\" in between: changed at once, the groups could be left without rules, or new rules be refused because they are there already."
    }
  }
}
