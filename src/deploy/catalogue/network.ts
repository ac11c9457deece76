import { message } from '../../core/message';
import { task, type Entry } from './entry';

/** Network interfaces, subnets and security groups. */
export const network: readonly Entry[] = [
  {
    id: 'subnetFull',
    where: [...task, 'event', 'api'],
    pattern: /insufficientfreeaddresses|(?:insufficient|not (?:have )?enough) free addresses|no available ip addresses/,
    brief: message('no free addresses'),
    cause: () => message('A subnet of the service has no free addresses left.'),
    fix: message('Use further or larger subnets, or stop what holds addresses.'),
    examples: [
      "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment disabled in subnet 'subnet-0a': InsufficientFreeAddressesInSubnet",
      'The specified subnet does not have enough free addresses to satisfy the request.',
    ],
  },
  {
    id: 'interfaceLimit',
    where: [...task, 'event', 'api'],
    pattern: /networkinterfacelimitexceeded|resource:eni|maximum number of network interfaces/,
    brief: message('no free network interface'),
    cause: () => message('There is no network interface left for another task: on the instance, or in the account.'),
    fix: message('Switch on awsvpcTrunking, use larger instances, or raise the quota.'),
    examples: [
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0f) encountered error "RESOURCE:ENI".',
      'Unexpected EC2 error while attempting to Create Network Interface: NetworkInterfaceLimitExceeded',
    ],
  },
  {
    id: 'securityGroupMissing',
    where: [...task, 'event', 'api'],
    pattern: /security group '?([\w-]*)'? does not exist|invalidgroup\.notfound|invalidsecuritygroupid/,
    brief: message('security group is gone'),
    cause: ({ groups }) => message('The security group {0} of the service does not exist.', groups[1] ?? ''),
    fix: message('Name an existing security group of the same VPC in the service’s network configuration.'),
    examples: [
      "Error retrieving security group information for [sg-0a]: The security group 'sg-0a' does not exist (ErrorCode: InvalidGroup.NotFound)",
    ],
  },
  {
    id: 'subnetMissing',
    where: [...task, 'event', 'api'],
    pattern: /subnet id '?([\w-]*)'? does not exist|invalidsubnetid\.notfound/,
    brief: message('subnet is gone'),
    cause: ({ groups }) => message('The subnet {0} of the service does not exist.', groups[1] ?? ''),
    fix: message('Name existing subnets in the service’s network configuration.'),
    examples: [
      "Error retrieving subnet information for [subnet-0a]: The subnet ID 'subnet-0a' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
    ],
  },
  {
    id: 'interfaceDenied',
    where: [...task, 'event', 'api'],
    pattern:
      /create network interface.*(?:unauthorized|not authorized|access ?denied)|not authorized to perform: ec2:createnetworkinterface/,
    brief: message('network interface denied'),
    cause: () => message('ECS may not create the task’s network interface.'),
    fix: message(
      'Check the service-linked role and service control policies; a shared subnet has to be shared with this account.',
    ),
    examples: [
      "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0a': UnauthorizedOperation",
    ],
  },
  {
    id: 'interfaceTimeout',
    where: [...task, 'event'],
    pattern: /timeout waiting for network interface|network interface provisioning|eni attachment timeout/,
    brief: message('network interface came too late'),
    cause: () => message('The task’s network interface was not attached in time.'),
    fix: message('AWS tries again; where it repeats on one container instance, replace the instance.'),
    confidence: 'likely',
    examples: ['Timeout waiting for network interface provisioning to complete.'],
  },
  {
    id: 'interfaceFailed',
    where: [...task, 'event', 'api'],
    pattern: /error while attempting to \w+ network interface/,
    brief: message('no network interface'),
    cause: () => message('EC2 refused the task’s network interface.'),
    confidence: 'likely',
    examples: [
      "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0a': SomethingNew",
      'Unexpected EC2 error while attempting to Delete Network Interface',
    ],
  },
  {
    id: 'portTaken',
    where: task,
    pattern: /port is already allocated|bind for \S+ failed|failed to bind host port/,
    brief: message('host port is taken'),
    cause: () => message('Another container of the instance has the host port already.'),
    fix: message('Use a dynamic host port (0) or awsvpc, or let the deployment stop the old task first.'),
    examples: [
      'CannotStartContainerError: Error response from daemon: driver failed programming external connectivity: Bind for 0.0.0.0:8080 failed: port is already allocated',
    ],
  },
  {
    id: 'networkSetup',
    where: task,
    pattern:
      /containernetworkingerror|failed to (?:setup|set up|configure) (?:the )?(?:task )?network|cni (?:plugin|setup)|error configuring task network/,
    brief: message('network of the task'),
    cause: () => message('The task’s network could not be set up on its host.'),
    confidence: 'likely',
    examples: ['ContainerNetworkingError: failed to set up network namespace: cni setup: invoke bridge plugin failed'],
  },
  {
    id: 'serviceConnect',
    where: [...task, 'event'],
    pattern: /service ?connect|envoy|cloud map|service discovery|service registr/,
    brief: message('Service Connect or Cloud Map'),
    cause: () => message('Service Connect or service discovery (Cloud Map) does not work for the task.'),
    fix: message('Check the namespace and its services, and read the log of the ecs-service-connect container.'),
    confidence: 'likely',
    examples: [
      '(service web) (task 0f) failed to register in AWS Cloud Map: NamespaceNotFound',
      '(service web) (task 0f) is unhealthy in service registry',
      'ResourceInitializationError: unable to start the Envoy proxy of Service Connect',
    ],
  },
];
