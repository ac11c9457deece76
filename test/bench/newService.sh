#!/bin/sh
# What people write by hand: from a Dockerfile to a service behind a load balancer, with the AWS CLI.
# The same things with the same settings as in the template of "Deploy to New Service…".
# Wants ENDPOINT, REGISTRY, AWS and DOCKER in the environment, and a folder with a Dockerfile.
set -eu
aws() { "$AWS" --endpoint-url "$ENDPOINT" --output text "$@"; }
name=sample

aws ecr create-repository --repository-name "$name" --image-scanning-configuration scanOnPush=true >/dev/null
image="$REGISTRY/$name:$(git rev-parse --short HEAD)"
"$DOCKER" build --tag "$image" .
aws ecr get-login-password | "$DOCKER" login --username AWS --password-stdin "$REGISTRY"
"$DOCKER" push "$image"

aws ecs create-cluster --cluster-name "$name" >/dev/null
aws logs create-log-group --log-group-name "/ecs/$name"
aws logs put-retention-policy --log-group-name "/ecs/$name" --retention-in-days 30
trust='{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
  "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }] }'
execution=$(aws iam create-role --role-name "$name-execution" --assume-role-policy-document "$trust" --query Role.Arn)
aws iam attach-role-policy --role-name "$name-execution" \
  --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
task=$(aws iam create-role --role-name "$name-task" --assume-role-policy-document "$trust" --query Role.Arn)

vpc=$(aws ec2 describe-vpcs --filters Name=is-default,Values=true --query 'Vpcs[0].VpcId')
subnets=$(aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[].SubnetId')
balancer_group=$(aws ec2 create-security-group --group-name "$name-balancer" --description Balancer \
  --vpc-id "$vpc" --query GroupId)
aws ec2 authorize-security-group-ingress --group-id "$balancer_group" --protocol tcp --port 80 --cidr 0.0.0.0/0 >/dev/null
task_group=$(aws ec2 create-security-group --group-name "$name-tasks" --description Tasks --vpc-id "$vpc" --query GroupId)
aws ec2 authorize-security-group-ingress --group-id "$task_group" --protocol tcp --port 8080 \
  --source-group "$balancer_group" >/dev/null

# shellcheck disable=SC2086 # the subnets are several words
balancer=$(aws elbv2 create-load-balancer --name "$name" --subnets $subnets --security-groups "$balancer_group" \
  --query 'LoadBalancers[0].LoadBalancerArn')
targets=$(aws elbv2 create-target-group --name "$name" --protocol HTTP --port 8080 --target-type ip --vpc-id "$vpc" \
  --health-check-path / --health-check-interval-seconds 10 --health-check-timeout-seconds 5 \
  --healthy-threshold-count 2 --matcher HttpCode=200-399 --query 'TargetGroups[0].TargetGroupArn')
port=$(aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 \
  --default-actions "Type=forward,TargetGroupArn=$targets" --query 'Listeners[0].Port')

revision=$(aws ecs register-task-definition --family "$name" --network-mode awsvpc \
  --requires-compatibilities FARGATE --cpu 256 --memory 512 \
  --execution-role-arn "$execution" --task-role-arn "$task" \
  --container-definitions '[{ "name": "'"$name"'", "image": "'"$image"'",
    "portMappings": [{ "containerPort": 8080 }], "logConfiguration": { "logDriver": "awslogs", "options": {
    "awslogs-group": "/ecs/'"$name"'", "awslogs-region": "'"$AWS_REGION"'", "awslogs-stream-prefix": "'"$name"'" } } }]' \
  --query taskDefinition.taskDefinitionArn)
list=$(echo "$subnets" | tr -s '[:space:]' ',')
aws ecs create-service --cluster "$name" --service-name "$name" --task-definition "$revision" --desired-count 1 \
  --launch-type FARGATE --health-check-grace-period-seconds 60 --enable-execute-command \
  --network-configuration "awsvpcConfiguration={subnets=[${list%,}],securityGroups=[$task_group],assignPublicIp=ENABLED}" \
  --load-balancers "targetGroupArn=$targets,containerName=$name,containerPort=8080" \
  --deployment-configuration 'deploymentCircuitBreaker={enable=true,rollback=true}' >/dev/null
aws ecs wait services-stable --cluster "$name" --services "$name"
host=$(aws elbv2 describe-load-balancers --load-balancer-arns "$balancer" --query 'LoadBalancers[0].DNSName')
until curl --fail --silent --show-error "http://$host:$port/"; do sleep 1; done
