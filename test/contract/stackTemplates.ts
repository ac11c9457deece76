/** A service behind a load balancer with everything around it, as a learner would write it. */
export function serviceTemplate({ image = 'busybox:stable', retention = 7, count = 1 } = {}): Template {
  const trust = (service: string): object => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
      },
    ],
  });
  const rule = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80 };
  const subnets = ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'];
  const VpcId = 'vpc-0a1b2c3d4e5f60718';
  const Resources: Template['Resources'] = {
    Cluster: { Type: 'AWS::ECS::Cluster' },
    Repository: {
      Type: 'AWS::ECR::Repository',
      Properties: { EmptyOnDelete: true },
    },
    LogGroup: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: retention },
    },
    ExecutionRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com'),
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'],
      },
    },
    TaskRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'logs',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'logs:PutLogEvents',
                  Resource: { 'Fn::GetAtt': ['LogGroup', 'Arn'] },
                },
              ],
            },
          },
        ],
      },
    },
    BalancerGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'open',
        VpcId,
        SecurityGroupIngress: [{ ...rule, CidrIp: '0.0.0.0/0' }],
      },
    },
    TaskGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'tasks', VpcId },
    },
    TaskIngress: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: {
        ...rule,
        GroupId: { 'Fn::GetAtt': ['TaskGroup', 'GroupId'] },
        SourceSecurityGroupId: { Ref: 'BalancerGroup' },
      },
    },
    LoadBalancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: {
        Type: 'application',
        Subnets: subnets,
        SecurityGroups: [{ Ref: 'BalancerGroup' }],
      },
    },
    TargetGroup: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: {
        ...{ Protocol: 'HTTP', Port: 80, TargetType: 'ip', VpcId },
        TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }],
      },
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        ...{
          LoadBalancerArn: { Ref: 'LoadBalancer' },
          Protocol: 'HTTP',
          Port: 80,
        },
        DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'TargetGroup' } }],
      },
    },
    TaskDefinition: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        ...{
          Cpu: 256,
          Memory: '512',
          NetworkMode: 'awsvpc',
          RequiresCompatibilities: ['FARGATE'],
        },
        ExecutionRoleArn: { 'Fn::GetAtt': ['ExecutionRole', 'Arn'] },
        TaskRoleArn: { 'Fn::GetAtt': ['TaskRole', 'Arn'] },
        ContainerDefinitions: [
          {
            ...{
              Name: 'web',
              Image: image,
              PortMappings: [{ ContainerPort: 80 }],
            },
            LogConfiguration: {
              LogDriver: 'awslogs',
              Options: {
                ...{
                  'awslogs-group': { Ref: 'LogGroup' },
                  'awslogs-region': { Ref: 'AWS::Region' },
                },
                'awslogs-stream-prefix': 'web',
              },
            },
          },
        ],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      DependsOn: 'Listener',
      Properties: {
        ...{
          Cluster: { Ref: 'Cluster' },
          TaskDefinition: { Ref: 'TaskDefinition' },
          DesiredCount: count,
        },
        LaunchType: 'FARGATE',
        DeploymentConfiguration: {
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        },
        LoadBalancers: [
          {
            ContainerName: 'web',
            ContainerPort: 80,
            TargetGroupArn: { Ref: 'TargetGroup' },
          },
        ],
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            Subnets: subnets,
            SecurityGroups: [{ Ref: 'TaskGroup' }],
            AssignPublicIp: 'ENABLED',
          },
        },
      },
    },
    ScalableTarget: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      Properties: {
        ...{
          MinCapacity: 1,
          MaxCapacity: 4,
          ServiceNamespace: 'ecs',
          ScalableDimension: 'ecs:service:DesiredCount',
        },
        ResourceId: { 'Fn::Sub': 'service/${Cluster}/${Service.Name}' },
      },
    },
    ScalingPolicy: {
      Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      Properties: {
        ...{
          PolicyName: 'cpu',
          PolicyType: 'TargetTrackingScaling',
          ScalingTargetId: { Ref: 'ScalableTarget' },
        },
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 60,
          PredefinedMetricSpecification: {
            PredefinedMetricType: 'ECSServiceAverageCPUUtilization',
          },
        },
      },
    },
  };
  return {
    Resources,
    Outputs: {
      Url: { Value: { 'Fn::Sub': 'http://${LoadBalancer.DNSName}' } },
      RepositoryUri: {
        Value: { 'Fn::GetAtt': ['Repository', 'RepositoryUri'] },
      },
      Service: { Value: { Ref: 'Service' } },
    },
  };
}

/** One of each type that a service does not need. `priority` and `target` can be changed in place. */
export function otherTypes({ priority, target }: { readonly priority: number; readonly target: number }): Template {
  const trust = (Service: string): object => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ecs:List*', Resource: '*' }] };
  const role = (service: string): ResourceText => ({
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: trust(service) },
  });
  const Resources: Template['Resources'] = {
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'rest' } },
    Provider: {
      Type: 'AWS::ECS::CapacityProvider',
      Properties: {
        AutoScalingGroupProvider: {
          AutoScalingGroupArn:
            'arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:7b3f:autoScalingGroupName/machines',
          ManagedScaling: { Status: 'ENABLED', TargetCapacity: target },
        },
      },
    },
    Providers: {
      Type: 'AWS::ECS::ClusterCapacityProviderAssociations',
      Properties: {
        Cluster: { Ref: 'Cluster' },
        CapacityProviders: ['FARGATE', { Ref: 'Provider' }],
        DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      },
    },
    ExecutionRole: role('ecs-tasks.amazonaws.com'),
    InfrastructureRole: role('ecs.amazonaws.com'),
    MachineRole: role('ec2.amazonaws.com'),
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: `list-${priority}`,
        PolicyDocument: document,
        Roles: [{ Ref: 'MachineRole' }],
      },
    },
    ManagedPolicy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: document, Roles: [{ Ref: 'MachineRole' }] },
    },
    Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'MachineRole' }] } },
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'out to HTTPS only',
        SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
      },
    },
    Egress: {
      Type: 'AWS::EC2::SecurityGroupEgress',
      Properties: { GroupId: { Ref: 'Group' }, IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '10.0.0.0/16' },
    },
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'] },
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        ...{ LoadBalancerArn: { Ref: 'Balancer' }, Protocol: 'HTTP', Port: 8080 },
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: 404 } }],
      },
    },
    Rule: {
      Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      Properties: {
        ...{ ListenerArn: { Ref: 'Listener' }, Priority: priority },
        Conditions: [{ Field: 'path-pattern', Values: ['/old/*'] }],
        Actions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Path: '/new' } }],
      },
    },
    Express: {
      Type: 'AWS::ECS::ExpressGatewayService',
      Properties: {
        Cluster: { Ref: 'Cluster' },
        ExecutionRoleArn: { 'Fn::GetAtt': ['ExecutionRole', 'Arn'] },
        InfrastructureRoleArn: { 'Fn::GetAtt': ['InfrastructureRole', 'Arn'] },
        PrimaryContainer: { Image: 'busybox:stable', ContainerPort: 80 },
      },
    },
  };
  return {
    Resources,
    Outputs: {
      Endpoint: { Value: { 'Fn::GetAtt': ['Express', 'Endpoint'] } },
      Profile: { Value: { 'Fn::GetAtt': ['Profile', 'Arn'] } },
    },
  };
}

interface ResourceText {
  readonly Type: string;
  readonly DependsOn?: string;
  readonly Properties?: Record<string, unknown>;
}

export interface Template {
  readonly Resources: Record<string, ResourceText>;
  readonly Outputs: Record<string, { readonly Value: unknown }>;
}

/** Small, quick and with a bit of everything that templates can say; in YAML with the short tags. */
export const yamlTemplate = `AWSTemplateFormatVersion: 2010-09-09
Description: A repository and a cluster
Parameters:
  Stage:
    Type: String
    Default: test
    AllowedValues: [test, prod]
  Secret:
    Type: String
    NoEcho: true
    Default: hidden
  Zones:
    Type: CommaDelimitedList
    Default: "a, b"
Mappings:
  Retention:
    test: { days: 3 }
    prod: { days: 30 }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
Resources:
  Repository:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: !Sub "\${AWS::StackName}/app"
      ImageTagMutability: !If [IsProd, IMMUTABLE, !Ref "AWS::NoValue"]
      Tags:
        - { Key: zone, Value: !Select [1, !Ref Zones] }
  Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Join ["/", ["", ecs, !Ref "AWS::StackName"]]
      RetentionInDays: !FindInMap [Retention, !Ref Stage, days]
  Cluster:
    Type: AWS::ECS::Cluster
    Condition: IsProd
    DependsOn: [Repository]
Outputs:
  Uri:
    Value: !GetAtt Repository.RepositoryUri
  ClusterArn:
    Condition: IsProd
    Value: !GetAtt Cluster.Arn
    Export: { Name: !Sub "\${AWS::StackName}-cluster" }
  Bare:
    Value: !Sub "\${!Literal} \${Zone}"
`.replace('${Zone}"', '${AWS::Region}"');
