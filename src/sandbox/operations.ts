import { authorizationOperations } from './ecrService/authorization';
import type { EcrContext } from './ecrService/context';
import { imageOperations } from './ecrService/images';
import { policyOperations } from './ecrService/policies';
import { repositoryOperations } from './ecrService/repositories';
import { accountSettingOperations } from './ecsService/accountSettings';
import { clusterOperations } from './ecsService/clusters';
import { containerInstanceOperations } from './ecsService/containerInstances';
import type { EcsContext } from './ecsService/context';
import type { Scheduler } from './ecsService/scheduler';
import { serviceDeploymentOperations } from './ecsService/serviceDeployments';
import { serviceOperations } from './ecsService/services';
import { tagOperations } from './ecsService/tags';
import { taskDefinitionOperations } from './ecsService/taskDefinitions';
import { taskOperations } from './ecsService/tasks';
import type { Operations } from './http/apiEndpoint';
import { logOperations } from './logs/operations';
import { stsOperations } from './sts/callerIdentity';

/**
 * What is there. Everything else that AWS has answers as an unknown operation.
 *
 * | service | operations |
 * |---|---|
 * | STS | GetCallerIdentity |
 * | CloudWatch Logs | Create-, Delete-, DescribeLogGroup(s); Create-, DescribeLogStream(s); PutLogEvents, GetLogEvents, FilterLogEvents (patterns of words only) |
 * | ECR | Create-, Describe-, DeleteRepository(-ies); DescribeImages, ListImages, BatchGetImage, BatchDeleteImage, PutImage, BatchCheckLayerAvailability; PutImageTagMutability, PutImageScanningConfiguration; Get-, Set-, DeleteRepositoryPolicy; Get-, Put-, DeleteLifecyclePolicy (stored, not executed); tags; GetAuthorizationToken |
 * | registry | Docker Registry HTTP API v2 under `/v2/`: blobs, uploads (chunked, monolithic, mount), manifests, tags, referrers |
 * | ECS clusters | Create-, Describe-, List-, Update-, DeleteCluster(s), UpdateClusterSettings |
 * | ECS task definitions | Register-, Describe-, Deregister-, DeleteTaskDefinition(s); ListTaskDefinitions, ListTaskDefinitionFamilies |
 * | ECS services | Create-, Update-, Delete-, Describe-, ListService(s); List-, Describe-, StopServiceDeployment(s); DescribeServiceRevisions |
 * | ECS tasks | Run-, Stop-, Describe-, ListTask(s); List-, DescribeContainerInstances; ListAccountSettings; tags |
 */
export function allOperations(ecr: EcrContext, ecs: EcsContext, scheduler: Scheduler): Operations {
  return {
    sts: stsOperations(ecs.place),
    logs: logOperations(ecs.logs, ecs.place),
    ecr: {
      ...repositoryOperations(ecr),
      ...imageOperations(ecr),
      ...policyOperations(ecr),
      ...authorizationOperations(ecr),
    },
    ecs: {
      ...clusterOperations(ecs),
      ...taskDefinitionOperations(ecs),
      ...serviceOperations(ecs, scheduler),
      ...serviceDeploymentOperations(ecs, scheduler),
      ...taskOperations(ecs, scheduler),
      ...containerInstanceOperations(ecs),
      ...accountSettingOperations(ecs),
      ...tagOperations(ecs),
    },
  };
}
