"""What the acceptance tests and the quickstart share: the build, Terraform, LocalStack and how to read EC2."""
