/**
 * A cluster of one node: SLURM's daemons, started on this machine for a test.
 */
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, hostname, tmpdir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { freePort } from './free-port.js'

/** The most seconds that anything is waited for. */
const PATIENCE_S = 90

/** What is missing for a cluster; undefined where it can be started. The daemons run as root, as they start the tasks of users. */
export function whyNoSlurm(): string | undefined {
  for (const program of ['slurmctld', 'slurmd', 'munged', 'sbatch']) {
    if (!isInstalled(program)) return `there is no ${program}`
  }
  return process.getuid?.() === 0 ? undefined : 'SLURM is started by root'
}

export interface Cluster {
  /** Runs one of its commands, or a script that does, in a folder, and returns what it prints. */
  run(command: string, args: readonly string[], cwd?: string): string
  /** The states of all tasks that a job has had, such as `0 COMPLETED`, by task. */
  tasks(job: string): Map<string, string>
  /** Waits until something is so. */
  until(what: string, isSo: () => boolean): Promise<void>
}

/** Starts one that ends with the test. */
export async function startCluster(t: Test): Promise<Cluster> {
  // Not in the test's own folder, whose path is too long for a socket.
  const folder = mkdtempSync(`${tmpdir()}/slurm-`)
  chmodSync(folder, 0o755)
  for (const name of ['state', 'spool']) mkdirSync(`${folder}/${name}`)
  writeFileSync(`${folder}/munge.key`, randomBytes(128), { mode: 0o600 })
  const node = hostname().split('.')[0]
  const [controller, daemon] = [await freePort(), await freePort()]
  const conf = `${folder}/slurm.conf`
  writeFileSync(
    conf,
    `ClusterName=spikeport
SlurmctldHost=${node}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${daemon}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket,cred_expire=5
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0,bf_interval=1
ReturnToService=2
KillWait=5
MinJobAge=600
NodeName=${node} NodeAddr=127.0.0.1 CPUs=${Math.max(availableParallelism(), 2)} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`,
  )
  // By way of env, without what the test runner puts into every process that node starts.
  const env = ['-u', 'NODE_OPTIONS', `SLURM_CONF=${conf}`]
  const daemons = [
    ['munged', '--foreground', '--force', `--key-file=${folder}/munge.key`, `--socket=${folder}/munge.socket`].concat(
      ['pid', 'log', 'seed'].map((name) => `--${name}-file=${folder}/munge.${name}`),
    ),
    ['slurmctld', '-D'],
    ['slurmd', '-D'],
  ].map((command) => spawn('env', [...env, ...command], { stdio: 'ignore' }))
  t.teardown(() => {
    for (const daemon of daemons.toReversed()) daemon.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })

  const run: Cluster['run'] = (command, args, cwd = folder) =>
    execFileSync('env', [...env, command, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  const cluster: Cluster = {
    run,
    tasks(job) {
      const lines = run('squeue', ['--array', '--noheader', '--states=all', `--jobs=${job}`, '--format=%K %T']).split('\n')
      return new Map(lines.map((line) => line.split(' ') as [string, string]))
    },
    async until(what, isSo) {
      for (let waited = 0; waited < PATIENCE_S * 10; waited++) {
        if (isSo()) return
        await delay(100)
      }
      const logs = ['slurmctld', 'slurmd'].map((name) => readFileSync(`${folder}/${name}.log`, 'utf8').slice(-2000))
      throw new Error(`Not so after ${PATIENCE_S} s: ${what}.\n${logs.join('\n')}`)
    },
  }
  await cluster.until('the node is idle', () => isIdle(run))
  return cluster
}

function isIdle(run: Cluster['run']): boolean {
  try {
    return run('sinfo', ['--noheader', '--format=%T']) === 'idle'
  } catch {
    // The controller is not there yet.
    return false
  }
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
