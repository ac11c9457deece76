#!/bin/sh
# What people write by hand: the same ship with the container engine's client and the AWS CLI.
# Wants ENDPOINT, REGISTRY, AWS and DOCKER in the environment, and a folder with a Dockerfile.
set -eu
aws() { "$AWS" --endpoint-url "$ENDPOINT" --output json "$@"; }

image="$REGISTRY/demo/web:$(git rev-parse --short HEAD)"
"$DOCKER" build --tag "$image" .
aws ecr get-login-password --output text | "$DOCKER" login --username AWS --password-stdin "$REGISTRY"
"$DOCKER" push "$image"

definition=$(mktemp)
trap 'rm -f "$definition"' EXIT
aws ecs describe-task-definition --task-definition web --query taskDefinition | IMAGE="$image" node -e '
  const definition = JSON.parse(require("fs").readFileSync(0, "utf8"));
  for (const name of ["taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
    "registeredAt", "registeredBy", "deregisteredAt"]) delete definition[name];
  definition.containerDefinitions[0].image = process.env.IMAGE;
  console.log(JSON.stringify(definition));
' >"$definition"
revision=$(aws ecs register-task-definition --cli-input-json "file://$definition" \
  --query taskDefinition.taskDefinitionArn --output text)
aws ecs update-service --cluster demo --service web --task-definition "$revision" >/dev/null
aws ecs wait services-stable --cluster demo --services web
