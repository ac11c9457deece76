import { acmOperations } from './acm/operations';
import { cloudFormationOperations } from './cloudFormation/operations';
import { codeDeployOperations } from './codeDeploy/operations';
import { authorizationOperations } from './ecrService/authorization';
import { creationTemplateOperations } from './ecrService/creationTemplates';
import { layerUploadOperations } from './ecrService/layerUploads';
import { imageOperations } from './ecrService/images';
import { lifecyclePreviewOperations } from './ecrService/lifecycleRuns';
import { policyOperations } from './ecrService/policies';
import { pullThroughOperations } from './ecrService/pullThrough';
import { referrerOperations } from './ecrService/referrers';
import { registrySettingOperations } from './ecrService/registrySettings';
import { repositoryOperations } from './ecrService/repositories';
import { scanOperations } from './ecrService/scans';
import { accountSettingOperations } from './ecsService/accountSettings';
import { attributeOperations } from './ecsService/attributes';
import { capacityProviderOperations } from './ecsService/capacityProviders';
import { executeCommandOperations } from './ecsService/executeCommand';
import { clusterOperations } from './ecsService/clusters';
import { containerInstanceOperations } from './ecsService/containerInstances';
import { daemonTaskDefinitionOperations } from './ecsService/daemonTaskDefinitions';
import { daemonOperations } from './ecsService/daemons';
import { expressOperations } from './ecsService/express';
import { serviceDeploymentOperations } from './ecsService/serviceDeployments';
import { serviceOperations } from './ecsService/services';
import { tagOperations } from './ecsService/tags';
import { taskSetOperations } from './ecsService/taskSets';
import { taskDefinitionOperations } from './ecsService/taskDefinitions';
import { taskProtectionOperations } from './ecsService/taskProtection';
import { taskOperations } from './ecsService/tasks';
import { ec2Operations } from './ec2/operations';
import { listenerCertificateOperations, usersOf } from './elb/listenerCertificates';
import { listenerOperations } from './elb/listeners';
import { loadBalancerOperations } from './elb/loadBalancers';
import { ruleOperations } from './elb/rules';
import { sslPolicyOperations } from './elb/sslPolicies';
import { elbTagOperations } from './elb/tags';
import { targetGroupOperations } from './elb/targetGroups';
import { targetOperations } from './elb/targets';
import type { Operations } from './http/apiEndpoint';
import { iamOperations } from './iam/roles';
import { logOperations } from './logs/operations';
import { scalingOperations } from './scaling/scalableTargets';
import { metricOperations } from './metrics/operations';
import { sessionOperations } from './sessions/operations';
import { secretsManagerOperations } from './secrets/operations';
import { ssmOperations } from './secrets/parameters';
import { stsOperations } from './sts/callerIdentity';
import type { World } from './world';

type Parts = Pick<
  World,
  | 'ecr'
  | 'ecs'
  | 'scheduler'
  | 'elb'
  | 'network'
  | 'roles'
  | 'policies'
  | 'profiles'
  | 'scaling'
  | 'metrics'
  | 'sessions'
  | 'codeDeploy'
  | 'course'
  | 'cloudFormation'
>;

/**
 * What is there. Everything else that AWS has answers as an unknown operation.
 *
 * | service | operations |
 * |---|---|
 * | STS | GetCallerIdentity |
 * | IAM | Create-, Get-, List-, Update-, DeleteRole(s), UpdateAssumeRolePolicy, CreateServiceLinkedRole, tags; Put-, Get-, List-, DeleteRolePolicy; Attach-, Detach-, ListAttachedRolePolicies; Create-, Get-, List-, DeletePolicy (one version; a few of AWS's own); Create-, Get-, List-, DeleteInstanceProfile(s), their role and tags; SimulatePrincipalPolicy and SimulateCustomPolicy evaluate Allow and Deny with wildcards and common conditions (the sandbox's user may do everything). The sandbox itself asks no policy |
 * | CloudWatch | GetMetricData, GetMetricStatistics, ListMetrics, PutMetricData (no expressions, no percentiles); CPUUtilization and MemoryUtilization of services and of clusters with instances, measured by the engine, made up for simulated tasks (label `gantry.sandbox.load`: percent of one task); Put-, Describe-, DeleteAlarm(s), SetAlarmState, history, tags: deployments of ECS watch them |
 * | Application Auto Scaling | Register-, Describe-, DeregisterScalableTarget(s) of services, suspended state; Put-, Describe-, DeleteScalingPolicy (target tracking and steps, by real alarms), DescribeScalingActivities |
 * | SSM | Put-, Get-, DeleteParameter(s), GetParametersByPath, DescribeParameters, GetParameterHistory, tags (nothing is encrypted); Start-, Resume-, Terminate-, DescribeSession(s), GetConnectionStatus for containers: a shell, AWS-StartInteractiveCommand, AWS-StartPortForwardingSession(ToRemoteHost, to the container itself only) |
 * | Secrets Manager | Create-, Update-, Describe-, Delete-, RestoreSecret, Get-, PutSecretValue (AWSCURRENT and AWSPREVIOUS), ListSecrets with filters, ListSecretVersionIds, tags (nothing is encrypted or rotated; what waits for deletion stays) |
 * | ELBv2 | Create-, Describe-, Modify-, DeleteTargetGroup(s), Describe-, ModifyTargetGroupAttributes (deregistration delay and stickiness by the load balancer's cookie are carried out; groups of UDP and TCP_UDP are kept, no listener serves them); Register-, DeregisterTargets, DescribeTargetHealth; Create-, Describe-, DeleteLoadBalancer(s) (application and network), their attributes, SetSecurityGroups, SetSubnets; Create-, Describe-, Modify-, DeleteListener(s) (HTTP, HTTPS, TCP and TLS; forward, redirect, fixed response), their attributes and certificates, DescribeSSLPolicies (some of AWS's; carried out); Create-, Describe-, Modify-, DeleteRule(s), SetRulePriorities; Add-, Remove-, DescribeTags. `DNSName` is 127.0.0.1, and `Port` of a listener is the port on which it really listens there: the one that was asked for if that is free and at least 1024 |
 * | ACM | Request-, Import-, Describe-, List-, Get-, DeleteCertificate(s), tags. What is requested is issued seconds later, signed with its own key: nobody's proof of a domain is asked for |
 * | EC2 | VPCs with DNS attributes, subnets, route tables with routes and associations, internet gateways, NAT gateways with addresses, network ACLs with entries, VPC endpoints (gateway and interface), managed prefix lists, network interfaces (of tasks, and made by hand; no public address), tags: create, change, describe with filters, delete; DescribeAvailabilityZones, -Instances (of container instances); security groups and their rules. A default VPC with two public subnets. All of it is kept and shown: no traffic is filtered or routed |
 * | CodeDeploy | for services of its controller: Create-, Get-, List-, DeleteApplication(s); Create-, Get-, List-, BatchGet-, DeleteDeploymentGroup(s); Create-, Get-, BatchGet-, List-, Stop-, ContinueDeployment(s) with an AppSpec in JSON and AWS's own configurations for ECS; List-, Get-, BatchGetDeploymentTarget(s). A second task set, traffic between two target groups (also of a test listener), both waits, alarms, and automatic rollbacks as deployments of their own. Lambda hooks are not run and count as passed; new tasks get two minutes to become healthy in place of an hour |
 * | CloudFormation | Create-, Update-, Delete-, Describe-, ListStack(s), CancelUpdateStack, RollbackStack, ContinueUpdateRollback, UpdateTerminationProtection; Create-, Describe-, Execute-, Delete-, ListChangeSet(s); events, resources, exports and imports; GetTemplate, GetTemplateSummary, ValidateTemplate. Templates of the types in `cloudFormation/resources`, carried out by the operations of this table; templates in S3, nested stacks, transforms, imports, drift, stack policies and custom resources are not there |
 * | CloudWatch Logs | Create-, Delete-, DescribeLogGroup(s), tags, Put-, DeleteRetentionPolicy; Create-, Delete-, DescribeLogStream(s); PutLogEvents, GetLogEvents, FilterLogEvents and TestMetricFilter with filter patterns of words, JSON, columns and regular expressions; StartLiveTail (a client must not put `streaming-` before the host: `disableHostPrefix`, `inject_host_prefix`) |
 * | ECR | Create-, Describe-, DeleteRepository(-ies); DescribeImages, ListImages, BatchGetImage, BatchDeleteImage, PutImage, BatchCheckLayerAvailability; PutImageTagMutability, PutImageScanningConfiguration; Get-, Set-, DeleteRepositoryPolicy; Get-, Put-, DeleteLifecyclePolicy (carried out seconds later, then every hour), Start-, GetLifecyclePolicyPreview; StartImageScan, DescribeImageScanFindings (a few fixed findings by base image or tag, see `findings.ts`: no scanner); ListImageReferrers; GetDownloadUrlForLayer; Create-, Describe-, Update-, Validate-, DeletePullThroughCacheRule(s) (stored, nothing is fetched); registry policy, replication (both stored, not carried out), basic and enhanced scanning rules (carried out on push; the same few findings, shaped as Inspector's), repository creation templates (carried out on push), UpdateImageStorageClass; Initiate-, UploadLayerPart, CompleteLayerUpload, account settings, pull-time exclusions; tags; GetAuthorizationToken |
 * | registry | Docker Registry HTTP API v2 under `/v2/`: blobs, uploads (chunked, monolithic, mount), manifests, tags, referrers |
 * | ECS clusters | Create-, Describe-, List-, Update-, DeleteCluster(s), UpdateClusterSettings, PutClusterCapacityProviders; Create-, Update-, Describe-, DeleteCapacityProvider(s) (the Auto Scaling group is a name only; with managed scaling, and for managed instances, instances join the cluster when tasks find no room; none ever leaves by itself); DeregisterContainerInstance; Put-, List-, DeleteAttributes (no placement constraint reads them) |
 * | ECS account | PutAccountSetting, PutAccountSettingDefault, DeleteAccountSetting (kept and shown; only `containerInsights` has an effect: on new clusters); StartTask |
 * | ECS task definitions | Register-, Describe-, Deregister-, DeleteTaskDefinition(s); ListTaskDefinitions, ListTaskDefinitionFamilies |
 * | ECS task sets | Create-, Update-, Delete-, DescribeTaskSet(s), UpdateServicePrimaryTaskSet, for services of an external controller. A service of CodeDeploy begins with one |
 * | ECS Express Mode | Create-, Describe-, Update-, DeleteExpressGatewayService: a service with a load balancer (shared), rule, target groups, log group, scalable target and canary deployments. No certificate and no security group of its own; `endpoint` is `http://NAME.localhost:PORT`, which browsers resolve to this machine |
 * | ECS daemons | Create-, Update-, Describe-, List-, DeleteDaemon(s); List-, DescribeDaemonDeployments, DescribeDaemonRevisions; Register-, Describe-, List-, DeleteDaemonTaskDefinition(s): a task on each managed instance, replaced in its place and not with the instance; no rollback |
 * | ECS services | Create-, Update-, Delete-, Describe-, ListService(s); List-, Describe-, Stop-, ContinueServiceDeployment(s); DescribeServiceRevisions. Rolling, blue/green, linear and canary deployments with lifecycle stages, weights of listener rules, PAUSE hooks, deployment alarms (their states are set at `/_gantry/alarms`) and the circuit breaker. Lambda hooks are not run: they count as passed, or as the scenarios `hook-fails` and `stuck-at-hook` say, and an event says so |
 * | ECS tasks | Run-, Stop-, Describe-, ListTask(s); List-, DescribeContainerInstances; UpdateContainerInstancesState; Get-, UpdateTaskProtection; ListAccountSettings; ExecuteCommand (as root, by a real data channel; a simulated task says that it is one); tags. `dependsOn` and `secrets` are honoured |
 *
 * Subnets, security groups and target groups that a request names must exist. Roles must exist, trust the service and
 * may have to be passed only with `--check-roles` or after `POST /_gantry/roles`.
 */
export function allOperations({
  ecr,
  ecs,
  scheduler,
  elb,
  network,
  roles,
  policies,
  profiles,
  scaling,
  metrics,
  sessions,
  codeDeploy,
  course,
  cloudFormation,
}: Parts): Operations {
  return {
    sts: stsOperations(ecs.place),
    logs: logOperations(ecs.logs, ecs.place, ecs.clock),
    acm: acmOperations({ certificates: elb.certificates, usersOf: (arn) => usersOf(elb, arn) }),
    iam: iamOperations({ roles, policies, profiles, clock: ecs.clock, place: ecs.place }),
    'application-autoscaling': scalingOperations(scaling),
    cloudformation: cloudFormationOperations(cloudFormation),
    codedeploy: codeDeployOperations(codeDeploy, course),
    cloudwatch: metricOperations(metrics, scaling.alarms, ecs.place),
    ssm: { ...ssmOperations(ecs.secrets), ...sessionOperations(ecs, sessions) },
    secretsmanager: secretsManagerOperations(ecs.secrets),
    elbv2: {
      ...targetGroupOperations(elb),
      ...targetOperations(elb),
      ...loadBalancerOperations(elb),
      ...listenerOperations(elb),
      ...listenerCertificateOperations(elb),
      ...sslPolicyOperations,
      ...ruleOperations(elb),
      ...elbTagOperations(elb),
    },
    ec2: ec2Operations({ network, ecs, elb: elb.state }),
    ecr: {
      ...repositoryOperations(ecr),
      ...imageOperations(ecr),
      ...policyOperations(ecr),
      ...lifecyclePreviewOperations(ecr),
      ...scanOperations(ecr),
      ...referrerOperations(ecr),
      ...pullThroughOperations(ecr),
      ...registrySettingOperations(ecr),
      ...creationTemplateOperations(ecr),
      ...layerUploadOperations(ecr),
      ...authorizationOperations(ecr),
    },
    ecs: {
      ...clusterOperations(ecs),
      ...taskDefinitionOperations(ecs),
      ...serviceOperations(ecs, scheduler),
      ...serviceDeploymentOperations(ecs, scheduler),
      ...taskSetOperations(ecs, scheduler),
      ...expressOperations({ ecs, elb, scheduler, scalableTargets: scaling.targets }),
      ...taskOperations(ecs, scheduler),
      ...taskProtectionOperations(ecs, scheduler),
      ...capacityProviderOperations(ecs),
      ...containerInstanceOperations(ecs, scheduler),
      ...daemonTaskDefinitionOperations(ecs),
      ...daemonOperations(ecs, scheduler),
      ...accountSettingOperations(ecs),
      ...attributeOperations(ecs),
      ...executeCommandOperations(ecs, sessions),
      ...tagOperations(ecs),
    },
  };
}
