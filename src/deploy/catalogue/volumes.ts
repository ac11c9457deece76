import { message } from '../../core/message';
import { task, type Entry } from './entry';

/** File systems and volumes. */
export const volumes: readonly Entry[] = [
  {
    id: 'efsUnresolved',
    where: task,
    pattern:
      /efs.*(?:failed to resolve|no mount target|mount target .*not found|file system id is correct|is not in the available)/,
    brief: message('EFS has no mount target'),
    cause: () => message('The EFS file system has no mount target in the task’s zone, or its name does not resolve.'),
    fix: message('Create a mount target in every zone of the service, and switch on DNS resolution in the VPC.'),
    network: true,
    examples: [
      'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to resolve "fs-01234567.efs.us-east-1.amazonaws.com" - check that your file system ID is correct, and ensure that the VPC has an EFS mount target for this file system ID. : unsuccessful EFS utils command execution; code: 1',
    ],
  },
  {
    id: 'efsDenied',
    where: task,
    pattern: /(?:efs|mount\.nfs4?).*access denied|not authorized to perform: elasticfilesystem:(\w+)/,
    brief: message('EFS denies the mount'),
    cause: () => message('The EFS file system denies the mount to the task.'),
    fix: message('Allow elasticfilesystem:ClientMount in the task role and in the file system’s policy.'),
    action: 'attachPolicy',
    examples: [
      "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful EFS utils command execution; code: 32",
    ],
  },
  {
    id: 'efsPathMissing',
    where: task,
    pattern: /(?:efs|mount\.nfs4?).*(?:no such file or directory|access point.*(?:not found|does not exist))/,
    brief: message('EFS directory is missing'),
    cause: () => message('The directory or the access point on the EFS file system does not exist.'),
    fix: message('Create it, or correct rootDirectory or accessPointId in the task definition.'),
    examples: [
      "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: mounting 127.0.0.1:/app failed, reason given by server: No such file or directory' : unsuccessful EFS utils command execution; code: 32",
    ],
  },
  {
    id: 'efsUnreachable',
    where: task,
    pattern: /(?:efs|mount\.nfs4?).*(?:timed out|timeout|connection re|deadline exceeded|mount attempt .*failed)/,
    brief: message('EFS out of reach'),
    cause: () => message('The task cannot reach the EFS file system.'),
    fix: message('Let the mount targets’ security group take TCP 2049 from that of the task.'),
    network: true,
    examples: [
      "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Connection timed out' : unsuccessful EFS utils command execution; code: 32",
      'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Mount attempt 1/3 failed due to timeout after 15 sec, wait 0 sec before next attempt.',
    ],
  },
  {
    id: 'efsFailed',
    where: task,
    pattern: /efs utils|setup efs|set up efs/,
    brief: message('EFS does not mount'),
    cause: () => message('The EFS file system could not be mounted.'),
    confidence: 'likely',
    examples: [
      'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: : code: 1',
    ],
  },
  {
    id: 'ebsFailed',
    where: task,
    pattern: /\bebs volumes?\b.*(?:fail|error|timed? ?out|unable|not )|(?:fail|unable|timed? ?out).*\bebs volumes?\b/,
    brief: message('EBS volume'),
    cause: () => message('The EBS volume of the task could not be made or attached.'),
    fix: message('Check the infrastructure role, the snapshot, the volume’s size and type, and the EBS quota.'),
    confidence: 'likely',
    examples: [
      'Task failed to start because the EBS volume attachment timed out',
      'ECS was unable to attach the EBS volume to the task: VolumeLimitExceeded',
    ],
  },
  {
    id: 'bindSourceMissing',
    where: task,
    pattern: /bind source path does not exist|are you trying to mount a directory onto a file|not a directory.*mount/,
    brief: message('mount does not fit'),
    cause: ({ container }) =>
      message('What is mounted into “{0}” is not there, or is a file where a directory is wanted.', container),
    fix: message('Check sourcePath and containerPath of the mount.'),
    examples: [
      'CannotCreateContainerError: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /data',
      'CannotStartContainerError: Error response from daemon: OCI runtime create failed: error mounting "/root/app.properties" to rootfs at "/app.properties": not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?',
    ],
  },
  {
    id: 'volumeDriver',
    where: task,
    pattern: /volume driver|error while mounting volume|plugin "[^"]+" not found|error looking up volume plugin/,
    brief: message('volume driver'),
    cause: () => message('The volume’s driver is not on the container instance, or it could not mount the volume.'),
    fix: message('Install the driver on the instances, or check its options.'),
    examples: [
      'CannotCreateVolumeError: Error response from daemon: create vol: error looking up volume plugin rexray/ebs: plugin "rexray/ebs" not found',
      'CannotStartContainerError: Error response from daemon: error while mounting volume',
    ],
  },
  {
    id: 'volumeInvalid',
    where: task,
    pattern: /cannotcreatevolumeerror|invalidvolumeerror|invalid volume specification|invalid mount config/,
    brief: message('volume cannot be made'),
    cause: () => message('A volume of the task definition could not be made.'),
    confidence: 'likely',
    examples: [
      'CannotCreateVolumeError: create shared: conflict: volume name must be unique',
      'InvalidVolumeError: volume "x" is not known',
    ],
  },
  {
    id: 'mountReadOnly',
    where: ['container'],
    pattern: /cannotstart.*read-only file system/,
    brief: message('mount point on a read-only file system'),
    cause: ({ container }) => message('A mount of “{0}” goes to a place that is read-only.', container),
    fix: message('Mount it elsewhere, or make the file system writable.'),
    examples: [
      'CannotStartContainerError: API error (500): oci runtime error: container_linux.go:247: rootfs_linux.go:54: mounting "/opt/nginx_conf" to rootfs caused "mkdir /merged/etc/nginx/sites-enabled: read-only file system"',
    ],
  },
];
