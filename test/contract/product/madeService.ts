import { CreateServiceCommand, RegisterTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { MadeNetwork } from './madeNetwork';

/** Two tasks on Fargate in the private subnet, behind a target group, whose ARN is given. The cluster must be there. */
export async function makeService(
  ecs: ECSClient,
  { privateSubnet, taskGroup }: MadeNetwork,
  { cluster, name, targetGroup }: { readonly cluster: string; readonly name: string; readonly targetGroup: string },
): Promise<void> {
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ family: name, networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' },
      containerDefinitions: [{ name: 'web', image: 'busybox:stable', portMappings: [{ containerPort: 8080 }] }],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      ...{ cluster, serviceName: name, taskDefinition: name, desiredCount: 2, launchType: 'FARGATE' },
      networkConfiguration: { awsvpcConfiguration: { subnets: [privateSubnet], securityGroups: [taskGroup] } },
      loadBalancers: [{ targetGroupArn: targetGroup, containerName: 'web', containerPort: 8080 }],
    }),
  );
}
