import { message } from '../../core/message';
import { task, type Entry } from './entry';

/** Pulling images (ECS developer guide, "Troubleshooting CannotPullContainer task errors"). */
export const pull: readonly Entry[] = [
  {
    id: 'imagePlatform',
    where: task,
    pattern:
      /descriptor matching platform ['"]?([\w/]+)|no matching manifest for ([\w/]+)|no match for platform in manifest/,
    brief: message('image for another platform'),
    cause: ({ groups }) =>
      message(
        'The image was not built for {0}, which the task definition asks for.',
        groups[1] ?? groups[2] ?? 'runtimePlatform',
      ),
    fix: message('Build for that platform, or change cpuArchitecture in the task definition.'),
    action: 'rebuild',
    examples: [
      "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): image Manifest does not contain descriptor matching platform ‘linux/amd64’',
      'CannotPullContainerError: Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries',
      'CannotPullContainerError: failed to pull image: no match for platform in manifest sha256:00aa: not found',
    ],
  },
  {
    id: 'pullDeniedByRepository',
    where: task,
    pattern: /not authorized to perform: ecr:(\w+).*no resource-based policy/,
    brief: message('repository’s policy'),
    cause: ({ groups }) =>
      message('The policy of the repository does not let this account pull (ecr:{0}).', groups[1] ?? ''),
    fix: message('Allow the account in the policy of the repository, in the account that the image belongs to.'),
    action: 'attachPolicy',
    examples: [
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 210987654321.dkr.ecr.us-east-1.amazonaws.com/web:1: pulling from host failed with status code [manifests 1]: 403 Forbidden: User: arn:aws:sts::123456789012:assumed-role/exec/1 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:210987654321:repository/web because no resource-based policy allows the ecr:BatchGetImage action',
    ],
  },
  {
    id: 'pullDenied',
    where: task,
    pattern: /not authorized to perform: ecr(?:-public)?:(\w+)|check that the role has the permissions to pull/,
    brief: message('may not pull the image'),
    cause: ({ groups }) =>
      message('The execution role may not pull the image (ecr:{0}).', groups[1] ?? 'BatchGetImage'),
    fix: message('Attach AmazonECSTaskExecutionRolePolicy to the execution role; check the repository policy.'),
    action: 'attachPolicy',
    examples: [
      'CannotPullContainerError: pull access denied: User: arn:aws:sts::1:assumed-role/x is not authorized to perform: ecr:BatchGetImage on resource: y',
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/0f is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action',
      'CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry.',
    ],
  },
  {
    id: 'pullRateLimit',
    where: task,
    pattern: /toomanyrequests|pull rate limit|429 too many requests/,
    brief: message('pull rate limit'),
    cause: () => message('The registry of the image limits the pull rate.'),
    fix: message('Copy the image to ECR, or use a pull-through cache.'),
    examples: [
      'CannotPullContainerError: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
      'CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:00: 429 Too Many Requests - Server message: toomanyrequests',
      'CannotPullContainerError: You’ve reached the\nunauthenticated pull rate limit',
    ],
  },
  {
    id: 'layerDownloadDenied',
    where: task,
    pattern: /starport-layer-bucket.*(?:403|accessdenied|access denied)/,
    brief: message('may not download layers'),
    cause: () => message('The layers of the image, which ECR keeps in S3, are denied to the task.'),
    fix: message('Allow s3:GetObject on the layer bucket of ECR in the policy of the S3 gateway endpoint.'),
    examples: [
      'CannotPullContainerError: failed to pull and unpack image: failed to copy: httpReadSeeker: failed open: unexpected status code https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/00: 403 Forbidden',
    ],
  },
  {
    id: 'layerDownloadUnreachable',
    where: task,
    pattern: /starport-layer-bucket.*(?:timeout|timed out|deadline exceeded|connection re|no such host|canceled)/,
    brief: message('no way to S3'),
    cause: () => message('The task reaches ECR, but not S3, from which the layers of the image come.'),
    fix: message('Add an S3 gateway endpoint to the route table of its subnets, or a NAT gateway.'),
    network: true,
    examples: [
      'CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/4c4a": dial tcp 52.218.1.1:443: i/o timeout',
    ],
  },
  {
    id: 'registryCertificate',
    where: task,
    pattern: /cannotpull.*(?:x509|tls: failed to verify certificate|server gave http response to https client)/,
    brief: message('registry’s certificate'),
    cause: () => message('The certificate of the registry is not trusted.'),
    fix: message('Use a registry with a public certificate, or copy the image to ECR.'),
    examples: [
      'CannotPullContainerError: failed to do request: Head "https://registry.corp.example/v2/web/manifests/1": x509: certificate signed by unknown authority',
      'CannotPullContainerError: Error response from daemon: Get "https://10.0.0.5:5000/v2/": http: server gave HTTP response to HTTPS client',
    ],
  },
  {
    id: 'registryNameUnresolved',
    where: task,
    pattern: /cannotpull.*(?:no such host|server misbehaving|temporary failure in name resolution)/,
    brief: message('registry’s name unknown'),
    cause: () => message('The name of the registry cannot be resolved in the task’s VPC.'),
    fix: message('Check the host in the image’s name, and DNS resolution and DNS hostnames of the VPC.'),
    network: true,
    examples: [
      'CannotPullContainerError: Error response from daemon: Get "https://123456789012.dkr.ecr.us-east-9.amazonaws.com/v2/": dial tcp: lookup 123456789012.dkr.ecr.us-east-9.amazonaws.com on 10.0.0.2:53: no such host',
    ],
  },
  {
    id: 'registryUnreachable',
    where: task,
    pattern:
      /cannotpull.*(?:request canceled|context canceled|i\/o timeout|deadline exceeded|connection refused|connection reset|tls handshake timeout|network is unreachable|unexpected eof|no route to host)|unable to pull secrets or registry auth.*connection issue between the task and amazon ecr|unable to retrieve ecr registry auth/,
    brief: message('registry out of reach'),
    cause: () => message('The task cannot reach the registry.'),
    fix: message(
      'Give its subnets a way out: a public address, a NAT gateway, or endpoints for ecr.api, ecr.dkr, s3 and logs.',
    ),
    network: true,
    examples: [
      'CannotPullContainerError: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/api:v42: failed to do request: Head "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/api/manifests/v42": dial tcp 10.0.3.17:443: i/o timeout',
      'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed',
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 3.1.2.3:443: i/o timeout',
      'CannotPullContainerError: context canceled',
      'CannotPullECRContainerError: RequestError: send request failed: net/http: TLS handshake timeout',
    ],
  },
  {
    id: 'registryCredentials',
    where: task,
    pattern:
      /cannotpull.*(?:unauthorized|401|no basic auth credentials|incorrect username or password|authentication required|authorization failed)|cannotpullcontainerauth/,
    brief: message('registry refuses the login'),
    cause: () => message('The registry of the image wants a login that the task does not have.'),
    fix: message(
      'Set repositoryCredentials to a secret with user name and password; on EC2 check the instance’s role.',
    ),
    examples: [
      'CannotPullContainerError: Error response from daemon: unauthorized: incorrect username or password',
      'CannotPullContainerError: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://ghcr.io/token: 401 Unauthorized',
      'CannotPullContainerError: Error response from daemon: Get https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/web/manifests/1: no basic auth credentials',
      'CannotPullContainerAuthError: could not get auth for the registry',
    ],
  },
  {
    id: 'imageReferenceInvalid',
    where: task,
    pattern: /invalid reference format|repository name must be lowercase|failed to parse image|invalid image name/,
    brief: message('image’s name is invalid'),
    cause: () => message('The image’s name in the task definition is none.'),
    fix: message('Write it as host/repository:tag, in small letters and without https://.'),
    examples: [
      'CannotPullContainerError: invalid reference format: repository name must be lowercase',
      'CannotPullContainerError: Error response from daemon: invalid reference format',
    ],
  },
  {
    id: 'imageFormat',
    where: task,
    pattern:
      /schema ?1|manifest\.v1\+|invalid rootfs in image configuration|(?:unsupported|unexpected|unknown) media ?type|mediatype .* not supported/,
    brief: message('format of the image'),
    cause: () => message('What the image’s name points to is no image that ECS can run.'),
    fix: message('Build it again with a current engine; a chart, a signature or an old manifest is no image.'),
    examples: [
      'CannotPullContainerError: not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1',
      'CannotPullContainerError: mismatched image rootfs and manifest layers: invalid rootfs in image configuration',
      'CannotPullContainerError: unsupported media type application/vnd.cncf.helm.config.v1+json',
    ],
  },
  {
    id: 'pullThroughCache',
    where: task,
    pattern: /pull[- ]through cache|upstream registry/,
    brief: message('pull-through cache'),
    cause: () => message('The pull-through cache could not fetch the image from its upstream registry.'),
    fix: message(
      'Check its rule, its secret, and that the role may ecr:CreateRepository and ecr:BatchImportUpstreamImage.',
    ),
    examples: [
      'CannotPullContainerError: failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/nginx:latest: The upstream registry returned an authorization error',
      'CannotPullContainerError: Error response from daemon: Unable to fetch the image using the pull through cache rule. Check the credentials',
    ],
  },
  {
    id: 'repositoryMissing',
    where: [...task, 'image'],
    pattern: /repository with name '([^']+)' does not exist/,
    brief: message('repository does not exist'),
    cause: ({ groups }) => message('The repository “{0}” does not exist in the registry.', groups[1] ?? ''),
    fix: message('Create it and push the image, or correct the image’s name in the task definition.'),
    action: 'createRepository',
    examples: [
      "CannotPullContainerError: Error response from daemon: name unknown: The repository with name 'demo/web' does not exist in the registry with id '123456789012'",
      'CannotPullContainerError: RepositoryNotFoundException: The repository with name ‘api’ does not exist in the registry with id ‘123456789012’',
    ],
  },
  {
    id: 'digestGone',
    where: task,
    pattern: /(?:failed to resolve ref|manifest for) \S*@sha256:.*(?:403 forbidden|not found|manifest unknown)/,
    brief: message('image was deleted'),
    cause: () => message('The image that the deployment settled on is not in the registry any more.'),
    fix: message('Start a new deployment, or push again; a lifecycle policy has to keep what runs.'),
    action: 'forceDeployment',
    examples: [
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:00aa: 123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:00aa: not found',
      'CannotPullContainerError: Error response from daemon: manifest for 123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:00aa not found: manifest unknown: Requested image not found',
    ],
  },
  {
    id: 'imageMissing',
    where: [...task, 'image'],
    pattern:
      /cannotpull.*(?:not found|manifest unknown|404|403 forbidden|does not exist|requested access to the resource is denied|pull access denied)|check whether the image exists|has no image with the tag/,
    brief: message('image does not exist'),
    cause: () => message('The image does not exist in the registry.'),
    fix: message('Check repository, tag, account and Region, or push the image again.'),
    examples: [
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:nope: 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:nope: not found',
      'CannotPullContainerError: pull access denied for web, repository does not exist or may require authorization: denied: requested access to the resource is denied',
      'CannotPullContainerError: Error response from daemon: manifest for nginx:nope not found: manifest unknown: manifest unknown',
      'CannotPullContainerError: The task can’t pull the image. Check whether the image exists.',
      'CannotPullImageManifestError: Error response from daemon: manifest unknown',
    ],
  },
  {
    id: 'diskFull',
    where: [...task, 'log'],
    pattern: /no space left on device|enospc|thin pool has .* free data blocks|exceeded.*ephemeral storage/,
    brief: message('disk full'),
    cause: () => message('The disk is full.'),
    fix: message('Raise ephemeralStorage, or clean up the container instance.'),
    examples: [
      'CannotPullContainerError: write /var/lib/docker/tmp/x: no space left on device',
      'CannotCreateContainerError: API error (500): devmapper: Thin Pool has 2862 free data blocks which is less than minimum required 4454 free data blocks',
      'Error: ENOSPC: no space left on device, write',
    ],
  },
  {
    id: 'pullBroken',
    where: task,
    pattern:
      /failed to register layer|blob unknown|unknown blob|max depth exceeded|unexpected commit digest|failed size validation|filesystem layer verification failed/,
    brief: message('image is broken'),
    cause: () => message('A layer of the image is missing or damaged, or there are too many of them.'),
    fix: message('Build and push the image again.'),
    confidence: 'likely',
    examples: [
      'CannotPullContainerError: failed to register layer: max depth exceeded',
      'CannotPullContainerError: failed to copy: unexpected commit digest sha256:00, expected sha256:01: failed precondition',
      'CannotPullContainerError: blob unknown to registry',
    ],
  },
  {
    id: 'pullFailed',
    where: task,
    pattern: /cannotpull\w*error/,
    brief: message('cannot pull the image'),
    cause: () => message('ECS could not pull the image.'),
    confidence: 'likely',
    examples: ['CannotPullContainerError: ref pull has been retried 5 time(s): something that is new'],
    counterExamples: ['TaskStoppedBeforePullBeginError: Task stopped before image pull could begin for task'],
  },
];
