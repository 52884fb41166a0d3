/**
 * A manifest that has Kubernetes work on the shards of a plan: an Indexed Job.
 */

export interface KubernetesJob {
  readonly image: string
  /** Paths as pods see them. */
  readonly plan: string
  readonly results: string
  readonly mount: string
  readonly claim: string
  readonly shards: number
  /** The most pods at the same time. */
  readonly limit?: number | undefined
  readonly cpus: number
  readonly mem: string
}

/** How often a shard is worked on again that fails with what may pass. */
const RETRIES = 3

/** Seconds that a pod has to remove what it has begun. */
const GRACE_S = 30

/** @param statuses - the exit statuses of `spikeport work` */
export function kubernetesJob(job: KubernetesJob, statuses: { failed: number; usage: number; tryAgain: number }): object {
  const { image, plan, results, mount, claim, shards, limit = shards, cpus, mem } = job
  const container = 'spikeport'
  const exits = (...values: number[]) => ({ containerName: container, operator: 'In', values })
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { generateName: 'spikeport-' },
    spec: {
      completionMode: 'Indexed',
      completions: shards,
      parallelism: Math.min(limit, shards),
      backoffLimitPerIndex: RETRIES,
      maxFailedIndexes: shards,
      podFailurePolicy: {
        rules: [
          // A node that is drained has not made it fail.
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'Count', onExitCodes: exits(statuses.tryAgain) },
          { action: 'FailIndex', onExitCodes: exits(statuses.failed, statuses.usage) },
        ],
      },
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: GRACE_S,
          containers: [
            {
              name: container,
              image,
              args: ['work', plan, '--results', results, '--jobs', String(cpus)],
              resources: { requests: { cpu: String(cpus), memory: mem }, limits: { memory: mem } },
              volumeMounts: [{ name: 'recordings', mountPath: mount }],
            },
          ],
          volumes: [{ name: 'recordings', persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  }
}
