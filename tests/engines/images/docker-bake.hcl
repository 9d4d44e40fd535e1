# Every image of the tests: a target of the Dockerfile, and the name tests/engines/docker.py knows it by.
variable "SOURCES" {}
variable "CA_BUNDLE" {}

group "all" {
  targets = ["jdk", "jre", "python", "postgres", "kafka", "redis"]
}

target "common" {
  context = "."
  labels = { "test.blissful.sources" = SOURCES }
  secret = ["id=ca,src=${CA_BUNDLE}"]
}

target "jdk" {
  inherits = ["common"]
  target = "jdk"
  tags = ["blissful.test/maven:jdk-17"]
}

target "jre" {
  inherits = ["common"]
  target = "jre"
  tags = ["blissful.test/jre:17"]
}

target "python" {
  inherits = ["common"]
  target = "python"
  tags = ["blissful.test/python:3.11"]
}

target "postgres" {
  inherits = ["common"]
  target = "postgres"
  tags = ["blissful.test/postgres:18"]
}

target "kafka" {
  inherits = ["common"]
  target = "kafka"
  tags = ["blissful.test/kafka:4.1.0"]
}

target "redis" {
  inherits = ["common"]
  target = "redis"
  tags = ["blissful.test/redis:7"]
}
