/** Slurm's reasons why a job waits (squeue(1), "JOB REASON CODES"), for people. */
const sentences: Readonly<Record<string, string>> = {
  Priority: 'Jobs of higher priority are before it.',
  Resources: 'It waits for processors, memory or cards to be free.',
  JobArrayTaskLimit: 'The limit on runs at the same time (--at-once) is reached.',
  BeginTime: 'Slurm lets a requeued job wait before it starts.',
  Dependency: 'It waits for another job.',
  DependencyNeverSatisfied: 'The job that it waits for has failed: cancel it.',
  ReqNodeNotAvail: 'Nodes that it needs are down, drained or reserved.',
  Nodes_required_for_job_are_DOWN: 'Nodes that it needs are down, drained or reserved.',
  NodeDown: 'Nodes that it needs are down.',
  Reservation: 'It waits for its reservation to begin.',
  Licenses: 'It waits for a licence.',
  BadConstraints: 'No node has what it asks for.',
  PartitionConfig: 'Its partition has no nodes with what it asks for.',
  PartitionDown: 'Its partition starts no jobs at present.',
  PartitionInactive: 'Its partition starts no jobs at present.',
  PartitionTimeLimit: 'Its --time is longer than its partition allows.',
  PartitionNodeLimit: 'Its partition has no nodes with what it asks for.',
  InvalidAccount: 'Its account (--account) does not exist.',
  InvalidQOS: 'Its quality of service (--sbatch=--qos=NAME) does not exist.',
  JobHeldUser: 'It is held: "scontrol release" followed by the number of the job lets it start.',
  JobHeldAdmin: 'An administrator holds it.',
  launch_failed_requeued_held:
    'A node could not start it, and Slurm holds it: "scontrol release" followed by the number of the job lets it start.',
};

/** What a limit counts, by what its name contains; the first that fits. */
const counted: readonly (readonly [RegExp, string])[] = [
  [/gres|gpu/i, 'cards'],
  [/cpu/i, 'processors'],
  [/mem/i, 'memory'],
  [/node/i, 'nodes'],
  [/wall|time|minutes/i, 'time'],
  [/billing/i, 'costs'],
  [/job/i, 'jobs'],
];

/** Why a job waits; Slurm's own word where there is no better one. */
export function pendingSentence(reason: string): string {
  // "ReqNodeNotAvail, UnavailableNodes:node1"; "Nodes_required_for_job_are_DOWN,_DRAINED_or_reserved_..."
  const [word = ''] = reason.split(',');
  return sentences[word] ?? limitSentence(word) ?? `Slurm says: ${reason}.`;
}

/** Limits of an account and of a quality of service: AssocGrpGRES, QOSMaxCpuPerUserLimit, AssociationJobLimit ... */
function limitSentence(word: string): string | undefined {
  const [, whose = '', rest = ''] =
    /^(Assoc|QOS)(?:iation)?((?:Grp|Max|Job|Resource|Time|Usage).*)$/.exec(word) ?? [];
  if (whose === '') return undefined;
  const found = counted.find(([pattern]) => pattern.test(rest))?.[1];
  const owner = whose === 'Assoc' ? 'your account' : 'your quality of service (QOS)';
  return `The limit of ${owner}${found === undefined ? '' : ` on ${found}`} is reached (${word}).`;
}
