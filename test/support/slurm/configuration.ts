import { hostname } from 'node:os';
import { join } from 'node:path';

export const nodes = ['node1', 'node2'] as const;
export type NodeName = (typeof nodes)[number];

export interface ClusterOptions {
  /** Processors of each node: jobs of one processor that run there at the same time. */
  readonly processors?: number;
  /** Cards of each node, as far as Slurm can see: device files with no card behind them. */
  readonly cards?: number;
  /** Accounting in a database. The controller forgets a job seconds after its end. */
  readonly isAccounted?: boolean;
  /** A job that takes more memory than it asked for is killed, by the kernel or by Slurm. One cluster at a time may have it. */
  readonly limitsMemory?: 'kernel' | 'slurm';
}

/** Ports of the controller, the node daemons and the accounting daemon. */
export interface ClusterPorts {
  readonly controller: number;
  readonly nodes: readonly number[];
  readonly accounting: number;
}

interface Cluster {
  readonly folder: string;
  readonly ports: ClusterPorts;
  readonly options: ClusterOptions;
}

/** What Slurm calls this computer. */
function host(): string {
  return hostname().split('.')[0] ?? '';
}

/** The device files of a node's cards. */
export function cardFiles({ folder, options }: Omit<Cluster, 'ports'>, node: NodeName): readonly string[] {
  return Array.from({ length: options.cards ?? 0 }, (_, place) => join(folder, `${node}-card${place}`));
}

/** Slurm's configuration files by their names. */
export function configurationOf(cluster: Cluster): Readonly<Record<string, string>> {
  const { isAccounted = false, cards = 0, limitsMemory } = cluster.options;
  const groups = ['CgroupPlugin=cgroup/v1', 'CgroupMountpoint=/sys/fs/cgroup', 'ConstrainRAMSpace=yes'];
  return {
    'slurm.conf': slurmConfiguration(cluster),
    'cgroup.conf': lines(['CgroupAutomount=no', ...(limitsMemory === 'kernel' ? groups : [])]),
    ...(isAccounted ? { 'slurmdbd.conf': accountingConfiguration(cluster) } : {}),
    ...(cards > 0 ? { 'gres.conf': cardConfiguration(cluster) } : {}),
  };
}

function slurmConfiguration(cluster: Cluster): string {
  const { folder, ports, options } = cluster;
  const path = (name: string): string => join(folder, name);
  return lines([
    'ClusterName=hill',
    `SlurmctldHost=${host()}(127.0.0.1)`,
    `SlurmctldPort=${ports.controller}`,
    'SlurmUser=root',
    'SlurmdUser=root',
    'AuthType=auth/munge',
    'CredType=cred/munge',
    // A job that is started again waits for its credential to expire.
    `AuthInfo=socket=${path('munge.socket')},cred_expire=5`,
    `StateSaveLocation=${path('state')}`,
    `SlurmdSpoolDir=${path('spool-%n')}`,
    `SlurmctldPidFile=${path('slurmctld.pid')}`,
    `SlurmdPidFile=${path('slurmd-%n.pid')}`,
    'ProctrackType=proctrack/linuxproc',
    'SelectType=select/cons_tres',
    'SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0,requeue_delay=1',
    ...(options.isAccounted === true ? accountedWords(cluster) : plainWords),
    ...memoryWords(options),
    'SwitchType=switch/none',
    'MpiDefault=none',
    'MailProg=/bin/true',
    'SlurmdParameters=config_overrides',
    'ReturnToService=2',
    'JobRequeue=1',
    'KillWait=5',
    'SlurmctldTimeout=30',
    'SlurmdTimeout=6',
    'BatchStartTimeout=5',
    'PreemptType=preempt/partition_prio',
    'PreemptMode=REQUEUE',
    'PreemptExemptTime=0',
    ...nodeWords(cluster),
    `PartitionName=low Nodes=${nodes.join(',')} Default=YES PriorityTier=1 PreemptMode=REQUEUE MaxTime=60 State=UP`,
    `PartitionName=high Nodes=${nodes.join(',')} PriorityTier=10 PreemptMode=OFF State=UP`,
  ]);
}

const plainWords: readonly string[] = ['AccountingStorageType=accounting_storage/none', 'MinJobAge=300'];

function accountedWords({ folder, ports, options: { cards = 0 } }: Cluster): readonly string[] {
  return [
    ...(cards === 0 ? [] : ['AccountingStorageTRES=gres/gpu']),
    // A job needs an account, and the limits of accounts hold.
    'AccountingStorageEnforce=limits',
    'AccountingStorageType=accounting_storage/slurmdbd',
    'AccountingStorageHost=127.0.0.1',
    `AccountingStoragePort=${ports.accounting}`,
    `AccountingStoragePass=${join(folder, 'munge.socket')}`,
    'MinJobAge=2',
  ];
}

function memoryWords({ limitsMemory }: ClusterOptions): readonly string[] {
  if (limitsMemory === undefined)
    return ['SelectTypeParameters=CR_CPU', 'TaskPlugin=task/none', 'JobAcctGatherType=jobacct_gather/none'];
  const perJob = ['SelectTypeParameters=CR_CPU_Memory', 'DefMemPerCPU=400'];
  if (limitsMemory === 'kernel')
    return [...perJob, 'TaskPlugin=task/cgroup', 'JobAcctGatherType=jobacct_gather/none'];
  return [
    ...[...perJob, 'TaskPlugin=task/none', 'JobAcctGatherType=jobacct_gather/linux'],
    ...['JobAcctGatherFrequency=1', 'JobAcctGatherParams=OverMemoryKill'],
  ];
}

function nodeWords({ ports, options: { processors = 2, cards = 0 } }: Cluster): readonly string[] {
  const gres = cards === 0 ? '' : ` Gres=gpu:${cards}`;
  return [
    ...(cards === 0 ? [] : ['GresTypes=gpu']),
    ...nodes.map(
      (node, place) =>
        `NodeName=${node} NodeHostname=${node} NodeAddr=127.0.0.1 Port=${ports.nodes[place]} CPUs=${processors} RealMemory=2000${gres} State=UNKNOWN`,
    ),
  ];
}

/** One line a card: Slurm counts device files, and numbers them by the digits that they end with. */
function cardConfiguration(cluster: Cluster): string {
  return lines(
    nodes.flatMap((node) =>
      cardFiles(cluster, node).map((file) => `NodeName=${node} Name=gpu File=${file} AutoDetect=off`),
    ),
  );
}

function accountingConfiguration({ folder, ports }: Cluster): string {
  return lines([
    'AuthType=auth/munge',
    `AuthInfo=socket=${join(folder, 'munge.socket')}`,
    `DbdHost=${host()}`,
    'DbdAddr=127.0.0.1',
    `DbdPort=${ports.accounting}`,
    'SlurmUser=root',
    `PidFile=${join(folder, 'slurmdbd.pid')}`,
    'StorageType=accounting_storage/mysql',
    'StorageHost=localhost',
    'StorageUser=root',
    'StorageLoc=slurm',
  ]);
}

function lines(words: readonly string[]): string {
  return `${words.join('\n')}\n`;
}
